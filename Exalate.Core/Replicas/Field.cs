namespace Exalate.Core.Replicas;

/// <summary>Names of a replica's fields, as they stand in the database and in sentences.</summary>
public static class Field
{
    public const string Summary = "summary";
    public const string Description = "description";
    public const string Comments = "comments";
    public const string Attachments = "attachments";
}
