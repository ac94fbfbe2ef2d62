namespace Sipstead.Sip.Messages;

/// <summary>Scheme of a URI in a SIP message.</summary>
public enum UriScheme : byte
{
    /// <summary>An absolute URI of another scheme (tel, http, ...).</summary>
    Other,
    Sip,
    Sips,
}
