using System.Buffers.Binary;
using System.Text;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Tests;

/// <summary>Composes queries octet by octet, without the library that the responder uses.</summary>
internal static class Query
{
    public const ushort DefaultId = 0x7A31;

    public static byte[] For(string name, RecordType type, ushort id = DefaultId, ushort? payloadSize = null, bool dnsSecOk = false) =>
        ForLabels([.. name.Split('.').Select(Encoding.Latin1.GetBytes)], type, id, payloadSize, dnsSecOk);

    public static byte[] ForLabels(
        byte[][] labels, RecordType type, ushort id = DefaultId, ushort? payloadSize = null, bool dnsSecOk = false, ushort recordClass = 1)
    {
        var octets = new List<byte>();
        Append(octets, id, 0x0100, 1, 0, 0, payloadSize is null ? 0 : 1);
        foreach (var label in labels)
        {
            octets.Add((byte)label.Length);
            octets.AddRange(label);
        }
        octets.Add(0);
        Append(octets, (ushort)type, recordClass);
        if (payloadSize is { } size)
        {
            octets.Add(0);
            Append(octets, 41, size, 0, dnsSecOk ? 0x8000 : 0, 0);
        }
        return [.. octets];
    }

    private static void Append(List<byte> octets, params int[] fields)
    {
        foreach (var field in fields)
        {
            var two = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)field);
            octets.AddRange(two);
        }
    }
}
