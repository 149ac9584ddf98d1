namespace Exalate.Core;

/// <summary>Encrypts what must not stand readable in the database: tracker tokens, connection secrets, webhook secrets.</summary>
public interface ISecretProtector
{
    /// <summary>Text that only this node's key ring can turn back.</summary>
    string Protect(string secret);

    /// <exception cref="SecretUnreadableException">The key ring is not the one that protected it (another machine's database, a deleted key folder).</exception>
    string Unprotect(string protectedSecret);
}

/// <summary>A stored secret can't be decrypted. The sentence says which and what to do.</summary>
public sealed class SecretUnreadableException(string sentence, Exception inner) : Exception(sentence, inner);
