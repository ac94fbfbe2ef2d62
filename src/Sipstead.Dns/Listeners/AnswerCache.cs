using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sipstead.Dns;

/// <summary>
/// Answers of one snapshot of the zone as they were sent from one local address, so that the library need not parse and encode the same again. Names are
/// compared whatever their case; the asker's own spelling goes back to it. Bounded: a full cache begins anew, as it does with every change of the zone.
/// </summary>
internal sealed class AnswerCache
{
    /// <summary>Answers that are kept; each is at most <see cref="QueryTriage.OwnPayloadSize"/> octets long.</summary>
    public const int Capacity = 4096;

    private const int IdLength = 2;

    private readonly Lock _lock = new();
    private Dictionary<string, byte[]> _answers = [];
    private ZoneData? _zone;

    /// <summary>The answer to a query that passed triage, with its id and its question, behind two octets of length.</summary>
    public bool TryGet(ZoneData zone, in TriageResult query, [NotNullWhen(true)] out byte[]? answer)
    {
        Span<char> key = stackalloc char[KeyLength(query)];
        WriteKey(query, key);
        lock (_lock)
        {
            if (!ReferenceEquals(zone, _zone) || !_answers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out answer))
            {
                answer = null;
                return false;
            }
        }

        answer = answer.AsSpan().ToArray();
        var message = answer.AsSpan(QueryTriage.LengthPrefix);
        var asked = query.Octets.AsSpan(QueryTriage.LengthPrefix);
        asked[..IdLength].CopyTo(message);
        asked.Slice(WireFormat.HeaderLength, query.QuestionLength).CopyTo(message[WireFormat.HeaderLength..]);
        return true;
    }

    /// <summary>Keeps an answer that came from this snapshot. Refusals and names that are not there are left out: there is no end of them.</summary>
    public void Keep(ZoneData zone, in TriageResult query, byte[] answer)
    {
        var message = answer.AsSpan(QueryTriage.LengthPrefix);
        if ((message[3] & 0x0F) != (int)Rcode.NoError) return;
        Span<char> key = stackalloc char[KeyLength(query)];
        WriteKey(query, key);
        lock (_lock)
        {
            if (!ReferenceEquals(zone, _zone) || _answers.Count >= Capacity) _answers = [];
            _zone = zone;
            _answers[key.ToString()] = answer;
        }
    }

    private static int KeyLength(in TriageResult query) => query.Octets.Length - QueryTriage.LengthPrefix - IdLength;

    /// <summary>
    /// All of the reduced query but its id, an octet a character, the name in lower case: flags, type, class and what EDNS asks for make a difference.
    /// </summary>
    private static void WriteKey(in TriageResult query, Span<char> key)
    {
        Encoding.Latin1.GetChars(query.Octets.AsSpan(QueryTriage.LengthPrefix + IdLength), key);
        foreach (ref var character in key.Slice(WireFormat.HeaderLength - IdLength, query.QuestionLength - WireFormat.TypeAndClassLength))
        {
            if (char.IsAsciiLetterUpper(character)) character = char.ToLowerInvariant(character); // no length of a label is as large as a letter
        }
    }
}
