namespace Exalate.Sandbox;

/// <summary>The sandbox can't start; the message is one sentence for a person.</summary>
public sealed class SandboxException(string message, Exception? inner = null) : Exception(message, inner);
