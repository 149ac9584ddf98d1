using System.Globalization;
using System.Text.Json.Nodes;

namespace Exalate.Core.RichText;

/// <summary>Lists, tasks and tables: what has parts that are no blocks.</summary>
internal sealed partial class AdfBlockWriter
{
    private int _localIds;

    private void List(ListBlock list, AdfSlot slot, int level, List<Piece> into)
    {
        JsonObject? node = null;
        var number = list.Start;
        foreach (var item in list.Items)
        {
            JsonArray? content = null;
            var outside = false;
            foreach (var piece in Blocks(ListSigns.Signed(item), AdfSlot.ListItem, level + 2))
            {
                if (piece.Lifted is { } lifted)
                {
                    if (content is null) Open();
                    node = null;
                    outside = true;
                    Block(lifted, slot, level, into);
                }
                else if (outside)
                {
                    into.Add(piece);
                }
                else
                {
                    if (content is null) Open();
                    // The first thing in an item must be a line.
                    if (content!.Count == 0 && (string?)piece.Node!["type"] is "bulletList" or "orderedList") content.Add(Node("paragraph", []));
                    content.Add(piece.Node);
                }
            }
            if (content is null) Open();
            if (content!.Count == 0) content.Add(Node("paragraph", []));
            number++;

            void Open()
            {
                if (node is null) into.Add(new Piece(node = ListNode(list.Kind, number), null));
                content = [];
                ((JsonArray)node["content"]!).Add(Node("listItem", content));
            }
        }
    }

    private static JsonObject ListNode(ListKind kind, int number) =>
        kind == ListKind.Ordered
            ? Node("orderedList", [], new JsonObject { ["order"] = number })
            : Node("bulletList", []);

    private JsonObject Tasks(ListBlock list, int level)
    {
        var content = new JsonArray();
        foreach (var item in list.Items)
        {
            var line = item.Content is [Paragraph p, ..] ? p.Content : [];
            content.Add(Node("taskItem", _inlines.Write(line), new JsonObject { ["localId"] = LocalId(), ["state"] = item.Checked == true ? "DONE" : "TODO" }));
            foreach (var nested in item.Content.Skip(1).OfType<ListBlock>())
            {
                if (level < AdfRules.MaxNodes) content.Add(Tasks(nested, level + 1));
                else foreach (var task in Tasks(nested, level)["content"]!.AsArray().ToList()) Move(task, content);
            }
        }
        return Node("taskList", content, new JsonObject { ["localId"] = LocalId() });
    }

    private static void Move(JsonNode? node, JsonArray to)
    {
        (node?.Parent as JsonArray)?.Remove(node);
        to.Add(node);
    }

    private JsonObject? TableNode(Table table, int level)
    {
        var rows = new JsonArray();
        for (var r = 0; r < table.Rows.Count; r++)
        {
            var cells = new JsonArray();
            foreach (var cell in table.Rows[r].Cells) cells.Add(Cell(cell, table.Rows.Count - r, level + 2));
            if (cells.Count > 0) rows.Add(Node("tableRow", cells));
        }
        if (rows.Count == 0) return null;
        var attrs = new JsonObject();
        AdfLooks.Table(table.Extras, attrs);
        return Node("table", rows, attrs.Count > 0 ? attrs : null);
    }

    private JsonObject Cell(TableCell cell, int rowsLeft, int level)
    {
        var attrs = new JsonObject();
        if (cell.ColSpan > 1) attrs["colspan"] = cell.ColSpan;
        if (cell.RowSpan > 1) attrs["rowspan"] = Math.Min(cell.RowSpan, rowsLeft);
        if (cell.Background is { } background) attrs["background"] = background;
        AdfLooks.Cell(cell.Extras, cell.ColSpan, attrs);
        var content = new JsonArray();
        // Whatever a cell can't hold has been turned into something it can: nothing leaves a table.
        foreach (var piece in Blocks(cell.Content, AdfSlot.Cell, level + 1)) content.Add(piece.Node);
        if (content.Count == 0) content.Add(Node("paragraph", []));
        return Node(cell.Header ? "tableHeader" : "tableCell", content, attrs.Count > 0 ? attrs : null);
    }

    private string LocalId() => "exalate-" + (++_localIds).ToString(CultureInfo.InvariantCulture);
}
