namespace Exalate.Core.RichText;

/// <summary>The kinds of panels, and how a panel is announced where only quotes exist.</summary>
internal static class PanelKinds
{
    /// <summary>Stands before the title of an expandable section that is shown as a quote.</summary>
    public const string ExpandSign = "▸ ";

    private static readonly (string Kind, string Label)[] Labels =
    [
        ("info", "ℹ️ Info"), ("note", "📝 Note"), ("tip", "💡 Tip"), ("warning", "⚠️ Warning"),
        ("error", "⛔ Error"), ("success", "✅ Success"), ("custom", "📌 Panel"),
    ];

    public static string Known(string? kind)
    {
        foreach (var (known, _) in Labels)
        {
            if (known.Equals(kind, StringComparison.OrdinalIgnoreCase)) return known;
        }
        return "info";
    }

    /// <summary>Example: "⚠️ Warning: Read this first".</summary>
    public static string Announce(Panel panel)
    {
        var label = Labels[0].Label;
        foreach (var (kind, text) in Labels)
        {
            if (kind == panel.Kind) label = text;
        }
        return string.IsNullOrEmpty(panel.Title) ? label : $"{label}: {panel.Title}";
    }

    /// <summary>The inverse of <see cref="Announce"/>; null when the line announces no panel.</summary>
    public static (string Kind, string? Title)? Recognise(string line)
    {
        foreach (var (kind, label) in Labels)
        {
            // The variation selector behind some pictograms gets lost in transport.
            foreach (var form in (ReadOnlySpan<string>)[label, label.Replace("\ufe0f", "", StringComparison.Ordinal)])
            {
                if (!line.StartsWith(form, StringComparison.Ordinal)) continue;
                var rest = line[form.Length..];
                if (rest.Length == 0) return (kind, null);
                if (rest.StartsWith(": ", StringComparison.Ordinal) && rest.Length > 2) return (kind, rest[2..]);
            }
        }
        return null;
    }
}
