using System.Text.Json;

namespace Exalate.Core.Peers.Mail;

// The JSON of the mail between nodes of which one can't be called; docs/peer-protocol.md says what each means.

/// <summary>Body of <c>POST /peer/v1/connections/{linkId}/mail</c>.</summary>
/// <param name="Receipts">What became of the mail of earlier answers.</param>
/// <param name="WaitSeconds">How long the answer may be held back while there is no mail; 0 to 25.</param>
/// <param name="MaxBytes">Longest body that the asking side takes.</param>
/// <param name="NoticesOnly">True while the asking side is deactivated: nothing that is synchronized is given out.</param>
public sealed record AskForMail(IReadOnlyList<MailReceipt> Receipts, int WaitSeconds, int MaxBytes, bool NoticesOnly = false);

/// <param name="Id">Of the mail.</param>
/// <param name="Refused">Null: durable now. Else why it will never be taken, for the sender's admin.</param>
public sealed record MailReceipt(long Id, string? Refused = null);

/// <summary>Its answer.</summary>
/// <param name="Mail">In order; empty when nothing came in time.</param>
public sealed record MailGiven(IReadOnlyList<MailItem> Mail);

/// <param name="Id">For the receipt.</param>
/// <param name="Kind">Example: "request".</param>
/// <param name="Body">Of that kind.</param>
public sealed record MailItem(long Id, string Kind, JsonElement Body);

/// <summary>A file of the private side that the other one needs: it is to be sent to <c>PUT /peer/v1/connections/{linkId}/files/{want}</c>.</summary>
/// <param name="Want">Random; names the upload.</param>
/// <param name="EntityId">The file owner's id of the entity.</param>
/// <param name="AttachmentId">The file owner's id of the attachment.</param>
/// <param name="EventId">The event the file belongs to, for the owner's log.</param>
public sealed record FileWanted(string Want, string EntityId, string AttachmentId, string EventId);
