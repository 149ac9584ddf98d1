namespace Exalate.Core.Http;

/// <summary>
/// The node refused to call an address; nothing was sent. The message is a sentence for the admin.
/// Example: "The address 'tracker.local' (10.0.0.5) is in a private network, which this node does not call. An administrator can allow it
/// in General Settings under 'Allowed private networks', for example 10.0.0.5/32."
/// </summary>
/// <remarks>Derives from <see cref="HttpRequestException"/> so that whoever handles "can't be reached" handles this too.</remarks>
public sealed class AddressRefusedException(string sentence) : HttpRequestException(HttpRequestError.ConnectionError, sentence);
