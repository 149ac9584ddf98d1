using System.Globalization;
using System.Text;
using Exalate.Core.Connections;
using MediatR;

namespace Exalate.Console.Endpoints;

/// <summary>Files that an admin takes away.</summary>
public static class DownloadEndpoints
{
    private static readonly char[] Quoted = [',', '"', '\r', '\n'];

    public static IEndpointRouteBuilder MapDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/connections/former-pairs.csv", FormerPairsAsync).RequireAuthorization();
        return routes;
    }

    private static async Task<IResult> FormerPairsAsync(IMediator mediator, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("connection,partner,local,local link,remote,remote link,kept at\r\n");
        foreach (var pair in await mediator.Send(new ListFormerPairs(), cancellationToken))
        {
            string?[] row = [pair.Connection, pair.Partner, pair.Local, pair.LocalLink, pair.Remote, pair.RemoteLink, pair.KeptAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)];
            text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        }

        return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", "former-pairs.csv");
    }

    /// <summary>Keys and links come from the partner: a table program must not take one for a formula.</summary>
    internal static string Cell(string? value)
    {
        var text = value is { Length: > 0 } && "=+-@\t\r".Contains(value[0]) ? "'" + value : value ?? "";
        return text.IndexOfAny(Quoted) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
