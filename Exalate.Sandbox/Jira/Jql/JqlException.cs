namespace Exalate.Sandbox.Jira.Jql;

/// <summary>A query that Jira refuses, in its words.</summary>
internal sealed class JqlException(string message) : Exception(message);
