namespace Sipstead.Sip.Messages;

/// <summary>Request methods of RFC 3261 and its extensions. Names are case-sensitive on the wire (RFC 3261 7.1).</summary>
public enum SipMethod : byte
{
    /// <summary>A well-formed method that this server does not know.</summary>
    Unknown,
    Register,
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Info,
    Message,
    Notify,
    Prack,
    Publish,
    Refer,
    Subscribe,
    Update,
}

/// <summary>Method names on the wire.</summary>
public static class SipMethods
{
    /// <summary>The method that <paramref name="token"/> names, compared octet by octet; <see cref="SipMethod.Unknown"/> for any other token.</summary>
    public static SipMethod Parse(ReadOnlySpan<byte> token) => token.Length switch
    {
        3 => token.SequenceEqual("ACK"u8) ? SipMethod.Ack : token.SequenceEqual("BYE"u8) ? SipMethod.Bye : SipMethod.Unknown,
        4 => token.SequenceEqual("INFO"u8) ? SipMethod.Info : SipMethod.Unknown,
        5 => token.SequenceEqual("REFER"u8) ? SipMethod.Refer : token.SequenceEqual("PRACK"u8) ? SipMethod.Prack : SipMethod.Unknown,
        6 => ParseSix(token),
        7 => ParseSeven(token),
        8 => token.SequenceEqual("REGISTER"u8) ? SipMethod.Register : SipMethod.Unknown,
        9 => token.SequenceEqual("SUBSCRIBE"u8) ? SipMethod.Subscribe : SipMethod.Unknown,
        _ => SipMethod.Unknown,
    };

    private static SipMethod ParseSix(ReadOnlySpan<byte> token)
    {
        if (token.SequenceEqual("INVITE"u8)) return SipMethod.Invite;
        if (token.SequenceEqual("CANCEL"u8)) return SipMethod.Cancel;
        if (token.SequenceEqual("NOTIFY"u8)) return SipMethod.Notify;
        return token.SequenceEqual("UPDATE"u8) ? SipMethod.Update : SipMethod.Unknown;
    }

    private static SipMethod ParseSeven(ReadOnlySpan<byte> token)
    {
        if (token.SequenceEqual("OPTIONS"u8)) return SipMethod.Options;
        if (token.SequenceEqual("MESSAGE"u8)) return SipMethod.Message;
        return token.SequenceEqual("PUBLISH"u8) ? SipMethod.Publish : SipMethod.Unknown;
    }
}
