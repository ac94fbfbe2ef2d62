using System.Buffers;
using System.Globalization;
using System.Text;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Trace;

/// <summary>
/// Writes traced messages as text to read: for each a line with time (UTC), transport, the way it took and its direction, then its octets. Control
/// characters in them, which could command a terminal, become '?'.
/// </summary>
public static class TraceText
{
    /// <summary>Media type of what is written.</summary>
    public const string MediaType = "text/plain; charset=utf-8";

    public static void Write(IBufferWriter<byte> output, IEnumerable<TracedMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var message in messages)
        {
            Encoding.UTF8.GetBytes(TitleOf(message), output);
            WriteOctets(output, message.Octets.Span);
            if (message.CutOctets > 0) Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\r\n[{message.CutOctets} more octets were not kept]"), output);
            output.Write("\r\n\r\n"u8);
        }
    }

    private static string TitleOf(TracedMessage message) => string.Create(
        CultureInfo.InvariantCulture,
        $"--- {message.At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} UTC  {message.Transport.Token()}  {message.From} -> {message.To}  {DirectionOf(message)}\r\n");

    private static string DirectionOf(TracedMessage message) => message.Direction == TraceDirection.Received ? "received" : "sent";

    private static void WriteOctets(IBufferWriter<byte> output, ReadOnlySpan<byte> octets)
    {
        var place = output.GetSpan(octets.Length)[..octets.Length];
        octets.CopyTo(place);
        foreach (ref var octet in place)
        {
            if (octet is (< 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n')) or 0x7F) octet = (byte)'?';
        }

        output.Advance(octets.Length);
    }
}
