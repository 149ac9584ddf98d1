using System.Globalization;
using System.Text.RegularExpressions;

namespace Exalate.Sandbox.Jira.Jql;

/// <summary>
/// Date clauses. Dates without a zone are read in the zone of the searching user's profile and have minute resolution; an unquoted
/// number is epoch milliseconds; -15m and the like are relative to now.
/// </summary>
internal static partial class JqlDates
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd HH:mm", "yyyy-MM-dd H:mm", "yyyy-MM-dd", "yyyy/MM/dd HH:mm", "yyyy/MM/dd H:mm", "yyyy/MM/dd"];

    public static Func<JiraIssue, bool> Compile(JqlClause clause, JqlContext context, Func<JiraIssue, DateTimeOffset?> actual)
    {
        if (clause.Values[0].IsEmpty && clause.Operator is "is" or "=")
            return issue => actual(issue) is null;
        if (clause.Values[0].IsEmpty && clause.Operator is "is not" or "!=")
            return issue => actual(issue) is not null;
        var wanted = clause.Values.Select(value => Read(clause, value, context)).ToList();
        var first = wanted[0];
        return clause.Operator switch
        {
            "=" or "in" => issue => actual(issue) is { } at && wanted.Contains(at),
            "!=" or "not in" => issue => actual(issue) is { } at && !wanted.Contains(at),
            ">" => issue => actual(issue) > first,
            ">=" => issue => actual(issue) >= first,
            "<" => issue => actual(issue) < first,
            "<=" => issue => actual(issue) <= first,
            _ => throw JqlCompiler.Unsupported(clause),
        };
    }

    public static Func<JiraIssue, bool> CompileDay(JqlClause clause, JqlContext context, Func<JiraIssue, string?> actual) =>
        Compile(clause, context, issue => actual(issue) is { } day
            ? Local(DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), context)
            : null);

    private static DateTimeOffset Read(JqlClause clause, JqlValue value, JqlContext context)
    {
        var now = context.State.Time.GetUtcNow();
        if (value.IsFunction)
            return Function(value, context, now);
        if (!value.IsQuoted && long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        if (Relative(value.Text) is { } shift)
            return now + shift;
        if (DateTime.TryParseExact(value.Text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return Local(local, context);
        throw new JqlException($"Date value '{value.Text}' for field '{clause.Field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
            + "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.");
    }

    private static DateTimeOffset Function(JqlValue value, JqlContext context, DateTimeOffset now)
    {
        var zone = ZoneOf(context);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var start = value.Text.ToLowerInvariant() switch
        {
            "now" => now,
            "startofday" => Local(today, context),
            "endofday" => Local(today.AddDays(1), context).AddMilliseconds(-1),
            "startofweek" => Local(today.AddDays(-(int)today.DayOfWeek), context),
            "startofmonth" => Local(new DateTime(today.Year, today.Month, 1), context),
            "startofyear" => Local(new DateTime(today.Year, 1, 1), context),
            _ => throw JqlCompiler.NoFunction(value),
        };
        return value.Arguments is [var argument] ? start + (Relative(argument) ?? throw JqlCompiler.NoFunction(value)) : start;
    }

    private static TimeSpan? Relative(string text)
    {
        if (Period().Match(text.Trim()) is not { Success: true } period)
            return null;
        var sum = TimeSpan.Zero;
        for (var part = 0; part < period.Groups["number"].Captures.Count; part++)
        {
            var number = int.Parse(period.Groups["number"].Captures[part].ValueSpan, CultureInfo.InvariantCulture);
            sum += period.Groups["unit"].Captures[part].Value switch
            {
                "w" => TimeSpan.FromDays(7L * number),
                "d" => TimeSpan.FromDays(number),
                "h" => TimeSpan.FromHours(number),
                _ => TimeSpan.FromMinutes(number),
            };
        }

        return period.Groups["sign"].Value == "-" ? -sum : sum;
    }

    private static DateTimeOffset Local(DateTime local, JqlContext context) => new(TimeZoneInfo.ConvertTimeToUtc(local, ZoneOf(context)), TimeSpan.Zero);

    private static TimeZoneInfo ZoneOf(JqlContext context) =>
        context.Caller is null ? JiraClock.Site : JiraClock.Find(context.Caller.TimeZone);

    [GeneratedRegex(@"^(?<sign>[+-]?)(?:(?<number>\d{1,6})(?<unit>[wdhm])\s*)+$")]
    private static partial Regex Period();
}
