using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Exalate.Core.RichText.JsonRead;

namespace Exalate.Core.RichText;

/// <summary>Attributes that only change how a node looks, kept by name and written back when their value is one that Jira takes.</summary>
internal static class AdfLooks
{
    public static Extras? Read(JsonElement attrs, params ReadOnlySpan<string> names)
    {
        if (attrs.ValueKind != JsonValueKind.Object) return null;
        var values = new Dictionary<string, string>();
        foreach (var name in names)
        {
            if (!attrs.TryGetProperty(name, out var value)) continue;
            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) values[name] = value.ValueKind == JsonValueKind.True ? "true" : "false";
            else if (Str(value) is { Length: > 0 and < 200 } text) values[name] = text;
        }
        return Extras.From(values);
    }

    public static Extras? ColumnWidths(JsonElement attrs)
    {
        var widths = Items(attrs, "colwidth").Select(Str).ToList();
        return widths.Count is > 0 and < 100 && widths.TrueForAll(w => w is not null) ? Extras.Single("colwidth", string.Join(',', widths)) : null;
    }

    public static void Table(Extras? extras, JsonObject attrs)
    {
        if (extras is null) return;
        if (extras["isNumberColumnEnabled"] is "true" or "false") attrs["isNumberColumnEnabled"] = extras["isNumberColumnEnabled"] == "true";
        if (extras["layout"] is "default" or "wide" or "full-width" or "center" or "align-start" or "align-end") attrs["layout"] = extras["layout"];
        if (extras["displayMode"] is "default" or "fixed") attrs["displayMode"] = extras["displayMode"];
        Number(extras, "width", attrs);
    }

    public static void Cell(Extras? extras, int colSpan, JsonObject attrs)
    {
        if (extras?["colwidth"] is not { } text) return;
        var widths = new JsonArray();
        foreach (var part in text.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var width) || width is < 0 or > 10_000) return;
            widths.Add(width);
        }
        if (widths.Count == colSpan) attrs["colwidth"] = widths;
    }

    public static void MediaSingle(Extras? extras, JsonObject attrs)
    {
        var layout = extras?["layout"];
        attrs["layout"] = layout is "wide" or "full-width" or "center" or "wrap-right" or "wrap-left" or "align-end" or "align-start" ? layout : "center";
        if (extras is null) return;
        Number(extras, "width", attrs);
        if (extras["widthType"] is "percentage" or "pixel" && attrs.ContainsKey("width")) attrs["widthType"] = extras["widthType"];
        else if (attrs.ContainsKey("width") && (double)attrs["width"]! > 100) attrs.Remove("width");
    }

    public static void Panel(Extras? extras, JsonObject attrs)
    {
        if (extras is null || (string?)attrs["panelType"] != "custom") return;
        foreach (var name in (ReadOnlySpan<string>)["panelIcon", "panelIconId", "panelIconText", "panelColor"])
        {
            if (extras[name] is { } value) attrs[name] = value;
        }
    }

    /// <summary>Alignment and indentation of a paragraph or heading; null for none.</summary>
    public static JsonArray? BlockMarks(Extras? extras, bool indent)
    {
        if (extras is null) return null;
        var marks = new JsonArray();
        if (extras["align"] is "center" or "end")
            marks.Add(new JsonObject { ["type"] = "alignment", ["attrs"] = new JsonObject { ["align"] = extras["align"] } });
        else if (indent && int.TryParse(extras["indent"], NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level is >= 1 and <= 6)
            marks.Add(new JsonObject { ["type"] = "indentation", ["attrs"] = new JsonObject { ["level"] = level } });
        return marks.Count > 0 ? marks : null;
    }

    /// <summary>The colour and width of the line around a picture, from its marks.</summary>
    public static Extras? Picture(JsonElement node, JsonElement attrs)
    {
        var looks = Read(attrs, "collection", "type", "occurrenceKey");
        foreach (var mark in Items(node, "marks"))
        {
            if (Str(mark, "type") != "border" || Read(Obj(mark, "attrs"), "color", "size") is not { } line) continue;
            var values = new Dictionary<string, string>(looks?.Values ?? new Dictionary<string, string>());
            foreach (var (name, value) in line.Values) values["border-" + name] = value;
            return Extras.From(values);
        }
        return looks;
    }

    /// <summary>The mark of a picture with a line around it; null for none.</summary>
    public static JsonObject? Border(Extras? extras)
    {
        if (extras?["border-color"] is not ['#', .. { Length: 6 or 8 } digits] || digits.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF") || !int.TryParse(extras["border-size"], out var size) || size is < 1 or > 3) return null;
        return new JsonObject { ["type"] = "border", ["attrs"] = new JsonObject { ["color"] = "#" + digits, ["size"] = size } };
    }

    /// <summary>The mark of a block that is wider than the text; null for none.</summary>
    public static JsonObject? Breakout(Extras? extras)
    {
        if (extras?["breakout"] is not ("wide" or "full-width")) return null;
        var attrs = new JsonObject { ["mode"] = extras["breakout"] };
        if (extras["breakoutWidth"] is { } width && double.TryParse(width, NumberStyles.Float, CultureInfo.InvariantCulture, out var pixels) && pixels is > 0 and <= 10_000) attrs["width"] = pixels;
        return new JsonObject { ["type"] = "breakout", ["attrs"] = attrs };
    }

    private static void Number(Extras extras, string name, JsonObject attrs)
    {
        if (double.TryParse(extras[name], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 10_000) attrs[name] = value;
    }
}
