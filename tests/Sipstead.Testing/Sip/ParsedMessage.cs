using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Testing.Sip;

/// <summary>Parses copies of test messages, so that a message can be parsed again as it was sent.</summary>
internal static class ParsedMessage
{
    /// <summary>Parses as a datagram, behind other octets and before others, which must not show.</summary>
    public static SipMessage Datagram(ReadOnlySpan<byte> octets)
    {
        const int margin = 7;
        var buffer = new byte[octets.Length + (2 * margin)];
        Array.Fill(buffer, (byte)'\n');
        octets.CopyTo(buffer.AsSpan(margin));
        var message = new SipMessage();
        SipParser.TryParseDatagram(buffer, margin, octets.Length, message);
        return message;
    }

    public static SipMessage Datagram(string text) => Datagram(Encoding.Latin1.GetBytes(text));

    /// <summary>What <see cref="SipRequest.TryRead"/> says of a datagram.</summary>
    public static SipError ErrorOf(ReadOnlySpan<byte> octets)
    {
        var message = Datagram(octets);
        if (message.Error == SipError.None && !message.IsRequest) return SipError.None;
        SipRequest.TryRead(message, out _, out var error);
        return error;
    }

    public static SipError ErrorOf(string text) => ErrorOf(Encoding.Latin1.GetBytes(text));

    public static SipError ErrorOf(RequestText request) => ErrorOf(request.ToOctets());

    public static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    public static string Value(this SipMessage message, string name)
    {
        foreach (ref readonly var header in message.Headers)
        {
            if (Text(message.NameOf(header)).Equals(name, StringComparison.OrdinalIgnoreCase)) return Text(message.ValueOf(header));
        }

        throw new InvalidOperationException($"no header {name}");
    }

    /// <summary>The comma-separated values of a header.</summary>
    public static List<string> All(this SipMessage message, HeaderId id)
    {
        var values = new List<string>();
        foreach (var value in message.Values(id)) values.Add(Text(value));
        return values;
    }
}
