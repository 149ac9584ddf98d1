using Exalate.Console.Hosting;

namespace Exalate.Console.Commands;

/// <summary>Tells settings on the command line (--Exalate:Node:Name=…) from typing errors, which configuration would swallow without a word.</summary>
internal static class SettingArguments
{
    private static readonly string[] Sections = ["Exalate", "Peers", "Database", "ConnectionStrings", "Logging", "Kestrel"];

    /// <exception cref="StartupException">An argument is neither an option nor a setting; every wrong one is named.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> arguments)
    {
        var problems = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!IsSetting(arguments[i]))
                problems.Add($"'{arguments[i]}' is neither a command nor an option nor a setting like --Exalate:Node:Name=acme. See --help.");
            else if (!arguments[i].Contains('=') && ++i >= arguments.Count)
                problems.Add($"'{arguments[^1]}' has no value. Write {arguments[^1]}=value.");
        }

        return problems.Count == 0 ? arguments : throw new StartupException(problems);
    }

    private static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal)
        && Sections.Any(section => argument.AsSpan(2).StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));
}
