using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sipstead.Dns;

/// <summary>What becomes of an answer over UDP.</summary>
internal enum LimitVerdict
{
    Send,

    /// <summary>Only its header and question are sent, with TC set: whoever really asked comes back over TCP.</summary>
    Truncate,

    Drop,
}

/// <summary>
/// Response-rate limiting over UDP (S-64): a bucket of tokens for each kind of answer to each network, IPv4 /24 or IPv6 /56. An address that is forged to
/// flood it gets little; a resolver that really asks too much is told to use TCP by every second answer above the limit. The room is fixed; where many
/// networks ask at once, buckets that have been full the longest make room.
/// </summary>
internal sealed class ResponseLimit
{
    private const int Ways = 4;
    private const int Sets = 4096;
    private const int Ipv4Octets = 3;
    private const int Ipv6Octets = 7;
    private const int LongestAddress = 16;

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly double _rate;
    private readonly double _burst;
    private readonly bool _limitsLoopback;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Bucket[] _buckets;
    private readonly Lock _lock = new();
    private long? _told;

    public ResponseLimit(DnsOptions options, TimeProvider time, ILogger logger)
    {
        _rate = options.ResponsesPerSecond;
        _burst = options.ResponseBurst;
        _limitsLoopback = options.LimitsLoopback;
        _time = time;
        _logger = logger;
        _buckets = _rate > 0 ? new Bucket[Sets * Ways] : [];
    }

    /// <summary>Counts an answer and says what becomes of it.</summary>
    /// <param name="response">The answer, without octets of length in front.</param>
    public LimitVerdict Judge(IPAddress asker, ReadOnlySpan<byte> response, int questionLength)
    {
        if (_rate <= 0 || (!_limitsLoopback && IPAddress.IsLoopback(asker))) return LimitVerdict.Send;
        Span<byte> network = stackalloc byte[LongestAddress];
        network = network[..WriteNetwork(asker, network)];
        var key = KeyOf(network, response, questionLength);
        var now = _time.GetTimestamp();
        LimitVerdict verdict;
        bool tells;
        lock (_lock)
        {
            verdict = Take(key, now);
            tells = verdict != LimitVerdict.Send && (_told is not { } told || _time.GetElapsedTime(told, now) >= Silence);
            if (tells) _told = now;
        }

        if (tells) DnsLog.AnswersLimited(_logger, Format(network), (int)_rate);
        return verdict;
    }

    /// <summary>Writes what the addresses of a network have in common.</summary>
    private static int WriteNetwork(IPAddress asker, Span<byte> network)
    {
        if (asker.IsIPv4MappedToIPv6) asker = asker.MapToIPv4();
        asker.TryWriteBytes(network, out _);
        return asker.AddressFamily == AddressFamily.InterNetwork ? Ipv4Octets : Ipv6Octets;
    }

    /// <summary>
    /// The kind of an answer to a network. With records it is the question's name and type; without, the name, whatever type it does not have; names that do
    /// not exist and errors are one kind each, since there is no end of them.
    /// </summary>
    private static int KeyOf(ReadOnlySpan<byte> network, ReadOnlySpan<byte> response, int questionLength)
    {
        var hash = default(HashCode); // seeded by the runtime: nobody outside knows which networks share a set
        hash.AddBytes(network);
        var rcode = response[3] & 0x0F;
        hash.Add(rcode);
        if (rcode == (int)Rcode.NoError)
        {
            var hasRecords = WireFormat.ReadUInt16(response, 6) > 0;
            var question = response.Slice(WireFormat.HeaderLength, questionLength);
            hash.Add(hasRecords ? WireFormat.ReadUInt16(question, question.Length - WireFormat.TypeAndClassLength) : -1);
            foreach (var octet in question[..^WireFormat.TypeAndClassLength])
                hash.Add(octet is >= (byte)'A' and <= (byte)'Z' ? octet | 0x20 : octet);
        }

        return hash.ToHashCode();
    }

    private LimitVerdict Take(int key, long now)
    {
        ref var bucket = ref Find(key, now);
        bucket.Tokens = TokensOf(bucket, now);
        bucket.At = now;
        if (bucket.Tokens >= 1)
        {
            bucket.Tokens--;
            return LimitVerdict.Send;
        }

        bucket.WasTruncated = !bucket.WasTruncated;
        return bucket.WasTruncated ? LimitVerdict.Truncate : LimitVerdict.Drop;
    }

    private ref Bucket Find(int key, long now)
    {
        var set = _buckets.AsSpan((int)((uint)key % Sets) * Ways, Ways);
        var fullest = 0;
        for (var way = 0; way < Ways; way++)
        {
            if (set[way].IsUsed && set[way].Key == key) return ref set[way];
            if (FillOf(set[way], now) > FillOf(set[fullest], now)) fullest = way;
        }

        set[fullest] = new Bucket { IsUsed = true, Key = key, Tokens = _burst, At = now };
        return ref set[fullest];
    }

    private double TokensOf(in Bucket bucket, long now) => Math.Min(_burst, FillOf(bucket, now));

    /// <summary>What the bucket would hold if it had no rim, so that of two full ones the longer idle one is found.</summary>
    private double FillOf(in Bucket bucket, long now) =>
        bucket.IsUsed ? bucket.Tokens + (_time.GetElapsedTime(bucket.At, now).TotalSeconds * _rate) : double.MaxValue;

    private static string Format(ReadOnlySpan<byte> network)
    {
        var isIpv4 = network.Length == Ipv4Octets;
        var octets = new byte[isIpv4 ? 4 : LongestAddress];
        network.CopyTo(octets);
        return FormattableString.Invariant($"{new IPAddress(octets)}/{network.Length * 8}");
    }

    private struct Bucket
    {
        public long At;
        public double Tokens;
        public int Key;
        public bool IsUsed;
        public bool WasTruncated;
    }
}
