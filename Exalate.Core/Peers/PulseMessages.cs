namespace Exalate.Core.Peers;

// By which a node that runs twice, or was restored, finds out although nobody calls it; docs/peer-protocol.md says what each means.

/// <summary>Body of <c>POST /peer/v1/connections/{linkId}/pulse</c>.</summary>
/// <param name="Epoch">Of the sender; rises when its admin says that this copy is the right one.</param>
/// <param name="Was">The sender's last number that the receiver has acknowledged, 19 digits; null before the first.</param>
/// <param name="Next">The number from now on, higher than <paramref name="Was"/>.</param>
public sealed record PulseMessage(int Epoch, string? Was, string Next);

/// <summary>Its answer.</summary>
/// <param name="IsKnown">False: another copy of the sender has told a higher number, or a higher epoch.</param>
public sealed record PulseTaken(bool IsKnown);
