namespace Exalate.Console.Hosting;

/// <summary>The program can't start, for a reason that its user can remove. The sentences go to stderr; there is no stack trace.</summary>
public sealed class StartupException(IReadOnlyList<string> sentences, Exception? inner = null)
    : Exception(string.Join(Environment.NewLine, sentences), inner)
{
    public StartupException(string sentence, Exception? inner = null)
        : this([sentence], inner)
    {
    }

    public IReadOnlyList<string> Sentences { get; } = sentences;
}
