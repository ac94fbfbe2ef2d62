using System.Text;

namespace Sipstead.Media.Sdp;

/// <summary>Writes a description (RFC 8866 9): lines in their order, ended by CRLF, with <c>s=-</c> and <c>t=0 0</c>.</summary>
internal static class SdpWriter
{
    public static byte[] Write(SdpDescription description)
    {
        var text = new StringBuilder(512);
        var origin = description.Origin;
        text.Append("v=0\r\no=").Append(origin.User).Append(' ').Append(origin.SessionId).Append(' ').Append(origin.Version);
        text.Append(" IN ").Append(origin.AddressType).Append(' ').Append(origin.Address).Append("\r\ns=-\r\n");
        Append(text, description.Connection);
        text.Append("t=0 0\r\n");
        Append(text, description.Attributes);
        foreach (var media in description.Media)
        {
            text.Append("m=").Append(media.Type).Append(' ').Append(media.Port).Append(' ').Append(media.Protocol).Append(' ');
            text.AppendJoin(' ', media.Formats).Append("\r\n");
            Append(text, media.Connection);
            Append(text, media.Attributes);
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, SdpConnection? connection)
    {
        if (connection is not null) text.Append("c=IN ").Append(connection.AddressType).Append(' ').Append(connection.Address).Append("\r\n");
    }

    private static void Append(StringBuilder text, IReadOnlyList<SdpAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            text.Append("a=").Append(attribute.Name);
            if (attribute.Value is not null) text.Append(':').Append(attribute.Value);
            text.Append("\r\n");
        }
    }
}
