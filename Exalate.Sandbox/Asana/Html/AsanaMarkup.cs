using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Exalate.Sandbox.Asana.Html;

/// <summary>Where a rich text stands: comments take fewer tags.</summary>
internal enum MarkupPlace
{
    Notes,
    Comment,
}

/// <summary>A rich text that Asana refuses, in a sentence without the field's name.</summary>
internal sealed class MarkupException(string message) : Exception(message);

/// <summary>Reads and checks Asana's rich text: well-formed XML with one <c>body</c>, a short list of tags, attributes nearly nowhere.</summary>
internal static class AsanaMarkup
{
    private static readonly HashSet<string> Inline = ["strong", "em", "u", "s", "code", "a"];
    private static readonly HashSet<string> InComments = [.. Inline, "body", "ol", "ul", "li", "blockquote", "pre"];
    private static readonly HashSet<string> InNotes = [.. InComments, "h1", "h2", "hr", "img", "object", "table", "tr", "td"];
    private static readonly HashSet<string> Attributed = ["a", "img", "object", "td"];

    /// <exception cref="MarkupException">Not acceptable at that place.</exception>
    public static XElement Parse(string markup, MarkupPlace place)
    {
        XElement body;
        try
        {
            using var reader = XmlReader.Create(new StringReader(markup), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreWhitespace = false,
                CheckCharacters = true,
            });
            body = XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            throw new MarkupException("XML is invalid");
        }

        if (body.Name != "body" || body.HasAttributes)
            throw new MarkupException("XML must have a single root tag <body>");
        Check(body, place == MarkupPlace.Notes ? InNotes : InComments);
        return body;
    }

    private static void Check(XElement element, HashSet<string> allowed)
    {
        var name = element.Name.ToString();
        if (!allowed.Contains(name))
            throw new MarkupException($"XML contains unsupported tag: {name}");
        if (element.HasAttributes && !Attributed.Contains(name))
            throw new MarkupException($"XML tag <{name}> can not have attributes");
        if (element.DescendantNodes().OfType<XProcessingInstruction>().Any())
            throw new MarkupException("XML is invalid");
        foreach (var child in element.Elements())
        {
            if (!Fits(name, child.Name.ToString()))
                throw new MarkupException($"XML tag <{child.Name}> is not allowed in <{name}>");
            if (child.Name == "body")
                throw new MarkupException("XML must have a single root tag <body>");
            Check(child, allowed);
        }

        CheckText(element, name);
    }

    private static bool Fits(string parent, string child) => parent switch
    {
        "ul" or "ol" => child == "li",
        "table" => child == "tr",
        "tr" => child == "td",
        "li" => Inline.Contains(child) || child is "ul" or "ol",
        "h1" or "h2" => Inline.Contains(child),
        "pre" or "blockquote" => Inline.Contains(child),
        "strong" or "em" or "u" or "s" or "code" or "a" => Inline.Contains(child),
        "hr" or "img" or "object" => false,
        _ => child is not ("li" or "tr" or "td"),
    };

    private static void CheckText(XElement element, string name)
    {
        if (name is "ul" or "ol" or "table" or "tr" && element.Nodes().OfType<XText>().Any(text => !string.IsNullOrWhiteSpace(text.Value)))
            throw new MarkupException($"XML tag <{name}> can not contain text");
        if (name is "h1" or "h2" && element.Value.Contains('\n'))
            throw new MarkupException($"XML tag <{name}> can not contain a newline");
    }

    /// <summary>As Asana returns it: empty tags of text stay open and closed, nothing but what XML needs is escaped.</summary>
    public static string Write(XElement element)
    {
        var text = new StringBuilder();
        Write(element, text);
        return text.ToString();
    }

    public static string OfText(string plain)
    {
        var text = new StringBuilder("<body>");
        Escape(plain.ReplaceLineEndings("\n"), text);
        return text.Append("</body>").ToString();
    }

    private static void Write(XElement element, StringBuilder text)
    {
        text.Append('<').Append(element.Name);
        foreach (var attribute in element.Attributes())
        {
            text.Append(' ').Append(attribute.Name).Append("=\"");
            Escape(attribute.Value, text, inAttribute: true);
            text.Append('"');
        }

        if (element.Name.ToString() is "hr" or "img" or "object" && !element.Nodes().Any())
        {
            text.Append("/>");
            return;
        }

        text.Append('>');
        foreach (var node in element.Nodes())
        {
            if (node is XElement child)
                Write(child, text);
            else if (node is XText value)
                Escape(value.Value, text);
        }

        text.Append("</").Append(element.Name).Append('>');
    }

    private static void Escape(string value, StringBuilder text, bool inAttribute = false)
    {
        foreach (var letter in value)
        {
            switch (letter)
            {
                case '&': text.Append("&amp;"); break;
                case '<': text.Append("&lt;"); break;
                case '>': text.Append("&gt;"); break;
                case '"' when inAttribute: text.Append("&quot;"); break;
                case '\n' when inAttribute: text.Append("&#10;"); break;
                // What XML has no room for would make the text unreadable for every client.
                case var other when XmlConvert.IsXmlChar(other) || char.IsSurrogate(other): text.Append(other); break;
            }
        }
    }
}
