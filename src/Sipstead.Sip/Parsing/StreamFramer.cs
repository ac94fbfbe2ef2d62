using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Parsing;

/// <summary>What the front of a stream's octets holds.</summary>
public enum FrameStatus : byte
{
    /// <summary>No whole message yet.</summary>
    NeedMoreData,

    /// <summary>A whole message, indexed.</summary>
    Message,

    /// <summary>Something after which the next message cannot be found: one 400 if it can be built, then the connection ends (TPT-05).</summary>
    Broken,
}

/// <summary>
/// Finds messages on a stream (RFC 3261 18.3): Content-Length is required, and is checked against the limit before anything waits for the body. It keeps no
/// state: the caller shows it all octets not yet consumed, so any split of a stream gives the same messages.
/// </summary>
public static class StreamFramer
{
    /// <summary>Looks at octets that begin with a start line.</summary>
    /// <param name="length">Octets of the message, also while some are missing; 0 while its headers have no end, and when it is broken.</param>
    public static FrameStatus Frame(byte[] buffer, int offset, int available, SipMessage message, out int length)
    {
        length = 0;
        var end = buffer.AsSpan(offset, available).IndexOf("\r\n\r\n"u8);
        if (end < 0 && available <= SipLimits.HeaderSection) return FrameStatus.NeedMoreData;
        var head = SipParser.ParseHead(buffer, offset, available, message);
        var error = FindFramingError(message, head);
        if (error != SipError.None)
        {
            message.Fail(error, head);
            return FrameStatus.Broken;
        }

        length = head + message.ContentLength;
        if (length > available) return FrameStatus.NeedMoreData;
        message.SetExtent(length, head, message.ContentLength);
        return FrameStatus.Message;
    }

    private static SipError FindFramingError(SipMessage message, int head)
    {
        if (message.FramingError != SipError.None) return message.FramingError;
        if (message.Has(HeaderId.ContentLength) && Count(message, HeaderId.ContentLength) > 1) return SipError.RepeatedHeader;
        if (message.ContentLength < 0) return SipError.MissingContentLength;
        return message.ContentLength > SipLimits.StreamMessage - head ? SipError.MessageTooLarge : SipError.None;
    }

    private static int Count(SipMessage message, HeaderId id)
    {
        var count = 0;
        foreach (ref readonly var header in message.Headers)
        {
            if (header.Id == id) count++;
        }

        return count;
    }
}
