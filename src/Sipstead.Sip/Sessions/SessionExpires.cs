using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Sessions;

/// <summary>Who refreshes a session, seen from the transaction that says so (RFC 4028 4).</summary>
internal enum Refresher
{
    Unsaid,
    Uac,
    Uas,
}

/// <summary>The value of Session-Expires (RFC 4028 4).</summary>
/// <param name="Seconds">The session interval.</param>
internal readonly record struct SessionExpires(int Seconds, Refresher Refresher)
{
    /// <summary>The shortest interval in seconds that is taken and offered (RFC 4028 5).</summary>
    public const int Minimum = 90;

    /// <summary>The longest one that is counted; more of it changes nothing.</summary>
    private const int Maximum = 7 * 86_400;

    /// <summary>Header line of a 422, and of our INVITE.</summary>
    public static ReadOnlySpan<byte> MinimumLine => "Min-SE: 90\r\n"u8;

    /// <summary>Reads the header. False when it is absent or malformed.</summary>
    public static bool TryRead(SipMessage message, out SessionExpires expires)
    {
        var isNumber = TryReadSeconds(message.Value(HeaderId.SessionExpires), out var seconds, out var parameters);
        expires = new SessionExpires(Math.Min(seconds, Maximum), RefresherOf(parameters));
        return isNumber && HeaderParameters.AreValid(parameters);
    }

    /// <summary>Min-SE of a message: never less than ours.</summary>
    public static int MinimumOf(SipMessage message)
    {
        var isNumber = TryReadSeconds(message.Value(HeaderId.MinSE), out var seconds, out _);
        return isNumber ? Math.Clamp(seconds, Minimum, Maximum) : Minimum;
    }

    /// <summary>
    /// What is answered to a request (RFC 4028 9, table 2): a refresher that is named stays; where none is, the one that asks refreshes, if it can.
    /// </summary>
    /// <param name="request">INVITE or UPDATE.</param>
    /// <param name="isSupported">Whether its sender knows the extension.</param>
    /// <param name="wish">Our own interval in seconds; 0 for none.</param>
    /// <returns>Null when the session has no timer.</returns>
    public static SessionExpires? Answer(SipMessage request, bool isSupported, int wish)
    {
        var isAsked = TryRead(request, out var asked);
        if (!isAsked && (!isSupported || wish == 0)) return null;
        var minimum = MinimumOf(request);
        var seconds = !isAsked ? wish : wish == 0 ? asked.Seconds : Math.Min(asked.Seconds, wish);
        var refresher = !isSupported ? Refresher.Uas : asked.Refresher == Refresher.Unsaid ? Refresher.Uac : asked.Refresher;
        return new SessionExpires(Math.Max(seconds, minimum), refresher);
    }

    /// <summary>Seconds, and the parameters behind them with their first ';'.</summary>
    private static bool TryReadSeconds(ReadOnlySpan<byte> value, out int seconds, out ReadOnlySpan<byte> parameters)
    {
        var end = value.IndexOf((byte)';');
        parameters = end < 0 ? default : value[end..];
        return SipNumber.TryParse(SipChars.Trim(end < 0 ? value : value[..end]), int.MaxValue, out seconds);
    }

    private static Refresher RefresherOf(ReadOnlySpan<byte> parameters)
    {
        if (!HeaderParameters.TryFind(parameters, "refresher"u8, out var value)) return Refresher.Unsaid;
        return Ascii.EqualsIgnoreCase(value, "uac"u8) ? Refresher.Uac : Ascii.EqualsIgnoreCase(value, "uas"u8) ? Refresher.Uas : Refresher.Unsaid;
    }
}
