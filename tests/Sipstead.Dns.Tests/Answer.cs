using System.Buffers.Binary;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Tests;

/// <summary>A response: its header straight from the octets, its records through the library's parser.</summary>
internal sealed class Answer(byte[] octets)
{
    private readonly DnsMessage _message = DnsMessage.Parse(octets);

    public byte[] Octets => octets;

    public ushort Id => Field(0);

    public int Opcode => (octets[2] >> 3) & 15;

    /// <summary>QR, AA, TC, RD as letters, then RA, Z, AD, CD; only those that are set.</summary>
    public string Flags
    {
        get
        {
            var flags = Field(2);
            (int Bit, string Name)[] names =
                [(0x8000, "QR"), (0x0400, "AA"), (0x0200, "TC"), (0x0100, "RD"), (0x0080, "RA"), (0x0040, "Z"), (0x0020, "AD"), (0x0010, "CD")];
            return string.Join(' ', names.Where(name => (flags & name.Bit) != 0).Select(name => name.Name));
        }
    }

    /// <summary>The response code with the extended bits of the OPT record.</summary>
    public int Rcode => (int)_message.ReturnCode;

    public int QuestionCount => Field(4);

    public OptRecord? Opt => _message.EDnsOptions;

    public IReadOnlyList<DnsRecordBase> Answers => _message.AnswerRecords;

    public IReadOnlyList<DnsRecordBase> Authority => _message.AuthorityRecords;

    public IReadOnlyList<DnsRecordBase> Additional => [.. _message.AdditionalRecords.Where(record => record is not OptRecord)];

    public bool HasFlag(string flag) => Flags.Split(' ').Contains(flag);

    /// <summary>Whether the question of this query came back octet for octet.</summary>
    public bool Echoes(byte[] query)
    {
        var end = 12;
        while (query[end] != 0)
            end += 1 + query[end];
        end += 5;
        return QuestionCount == 1 && octets.Length >= end && query.AsSpan(12..end).SequenceEqual(octets.AsSpan(12..end));
    }

    private ushort Field(int offset) => BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(offset));
}
