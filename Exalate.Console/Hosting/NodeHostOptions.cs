namespace Exalate.Console.Hosting;

/// <summary>What makes one node of this process different from another. Everything else comes from the configuration.</summary>
public sealed record NodeHostOptions
{
    /// <summary>Addresses to listen on. Null: what the configuration says (<c>urls</c>), else http://localhost:5080. Example: ["http://127.0.0.1:5081"].</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Folder for the SQLite file, the key ring and the node's id; made when missing. Null: <c>Exalate:DataFolder</c>, else "data" under the current folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Settings that win over files, environment and command line. Keys as in the configuration: "Exalate:Node:Name".</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>What was on the command line behind the options that we know ourselves: "--Exalate:Node:Name=…".</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A JSON file with settings, read after appsettings.json. Null: none.</summary>
    public string? SettingsFile { get; init; }

    /// <summary>Whether files and environment count. The demo and tests say no: they must behave the same on every machine.</summary>
    public bool UseMachineConfiguration { get; init; } = true;

    /// <summary>Stands in each line of the log when several nodes share the process. Example: "jira". Null: nothing does.</summary>
    public string? LogName { get; init; }

    /// <summary>Whether the password that stands in the manual may be used. Never outside the demo.</summary>
    public bool IsDemo { get; init; }

    /// <summary>Where the console's dll and its static files lie. Null: beside the running program.</summary>
    public string? ProgramFolder { get; init; }

    /// <summary>Last word on services, for tests.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }
}
