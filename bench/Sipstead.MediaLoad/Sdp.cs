using System.Globalization;
using System.Net;

namespace Sipstead.MediaLoad;

/// <summary>Descriptions of one PCMU stream on loopback.</summary>
internal static class Sdp
{
    public static string Of(int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n");

    /// <summary>Where a description wants its audio; null for one without.</summary>
    public static IPEndPoint? RemoteOf(string sdp)
    {
        IPAddress? address = null;
        foreach (var line in sdp.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("c=IN IP4 ", StringComparison.Ordinal)) address ??= IPAddress.Parse(line[9..]);
            else if (line.StartsWith("m=audio ", StringComparison.Ordinal) && address is not null)
                return new IPEndPoint(address, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        }

        return null;
    }
}
