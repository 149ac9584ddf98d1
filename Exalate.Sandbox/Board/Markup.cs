using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Exalate.Sandbox.Board;

/// <summary>HTML that is safe to send. Interpolated values are encoded unless they are markup themselves.</summary>
internal readonly record struct Markup(string Html)
{
    public static readonly Markup None = new("");

    public static Markup Of(ref MarkupHandler handler) => new(handler.ToString());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Html)));

    public static Markup If(bool condition, Func<Markup> then) => condition ? then() : None;

    public override string ToString() => Html;
}

/// <summary>Builds <see cref="Markup"/> from an interpolated string.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler
{
    private readonly StringBuilder html;

    public MarkupHandler(int literalLength, int formattedCount) => html = new StringBuilder(literalLength + formattedCount * 16);

    public void AppendLiteral(string text) => html.Append(text);

    public void AppendFormatted(Markup markup) => html.Append(markup.Html);

    public void AppendFormatted<T>(T value) => html.Append(WebUtility.HtmlEncode(value?.ToString()));

    public override string ToString() => html.ToString();
}
