using System.Text;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.HostileInput;

/// <summary>
/// S-23 and S-24: huge and deep structures are refused, and nothing that reads octets takes more than twice the time for twice as many. Times are the least
/// of several runs, and a ratio must be wrong several times in a row.
/// </summary>
public sealed class LinearTimeTests
{
    private const double MostPerDoubling = 3;
    private const int Runs = 7;
    private const int Tries = 8;

    /// <summary>What is larger than may be, made of so many parts.</summary>
    private static readonly Dictionary<string, Func<int, string>> Structures = new()
    {
        ["header"] = n => With($"X: {new string('x', n)}\r\n"),
        ["headers"] = n => With(Repeat("X: y\r\n", n / 6)),
        ["folds"] = n => With($"X: y\r\n{Repeat(" y\r\n", n / 4)}"),
        ["vias"] = n => With(Repeat("v: SIP/2.0/UDP h;branch=z9hG4bKx\r\n", n / 30)),
        ["via values"] = n => With($"v: SIP/2.0/UDP h{Repeat(",SIP/2.0/UDP h", n / 14)}\r\n"),
        ["empty via values"] = n => With($"v: {new string(',', n)}\r\n"),
        ["routes"] = n => With($"Route: <sip:h>{Repeat(",<sip:h>", n / 8)}\r\n"),
        ["parameters"] = n => new RequestText { To = $"<sip:a@h>{Repeat(";a=b", n / 4)}" }.ToString(),
        ["uri parameters"] = n => new RequestText { To = $"<sip:a@h{Repeat(";a=b", n / 4)}>" }.ToString(),
        ["method"] = n => new RequestText { Method = new string('M', n) }.ToString(),
        ["CSeq method"] = n => new RequestText { CSeq = "1 " + new string('M', n) }.ToString(),
        ["branch"] = n => new RequestText { Via = "SIP/2.0/UDP h;branch=z9hG4bK" + new string('b', n) }.ToString(),
        ["tag"] = n => new RequestText { From = "<sip:a@h>;tag=" + new string('t', n) }.ToString(),
        ["Call-ID"] = n => new RequestText { CallId = new string('c', n) }.ToString(),
        ["display name"] = n => new RequestText { From = $"\"{new string('d', n)}\" <sip:a@h>" }.ToString(),
        ["no end"] = n => "OPTIONS sip:h SIP/2.0\r\n" + Repeat("X: y\r\n", n / 6),
    };

    /// <summary>Octets that parsers stumble over, again and again.</summary>
    private static readonly string[] Fillings =
    [
        ",", ";", "\"\\", "\"", "<", ">", " ", "\t", "\r\n ", ";a", ";a=b", ";a=\"\"", "\"\",", "<>,", "%41", "%", ":", "::", "[", "a@", "@", "?a=b&", "&", "=", "a=\"b\",", "--x\r\n",
        "\r\n--x", "1.", "\\", "/", "SIP/2.0/UDP h,",
    ];

    public static TheoryData<string> Names => [.. Structures.Keys];

    public static TheoryData<string> FillingNames => [.. Fillings];

    [Theory]
    [MemberData(nameof(Names))]
    public void S_23_HugeStructure_IsRefusedInLinearTime(string name)
    {
        var make = Structures[name];
        Assert.NotEqual(SipError.None, ParsedMessage.ErrorOf(make(64 * 1024)));
        Assert.NotEqual(SipError.None, ParsedMessage.ErrorOf(make(1024 * 1024)));
        foreach (var size in (int[])[16 * 1024, 256 * 1024]) AssertLinear(n => Octets(make(n)), size, ReadMessage);
    }

    /// <summary>Not refused: parts that nobody asks for are stepped over.</summary>
    [Fact]
    public void S_23_ManyParts_AreReadInLinearTime()
    {
        AssertLinear(n => Multipart(Repeat("--x\r\n\r\n\r\n", n / 9)), 16 * 1024, ReadMessage);
        AssertLinear(n => Multipart(Repeat("--x\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n", n / 50)), 16 * 1024, ReadMessage);
    }

    [Theory]
    [MemberData(nameof(FillingNames))]
    public void S_24_WorstInput_TakesTwiceTheTimeForTwiceTheOctets(string filling)
    {
        foreach (var size in (int[])[8 * 1024, 16 * 1024, 32 * 1024])
        {
            AssertLinear(n => Octets(Repeat(filling, n / filling.Length)), size, ReadValue);
            AssertLinear(n => Octets(With($"m: {Repeat(filling, n / filling.Length)}\r\n")), size, ReadMessage);
        }
    }

    /// <summary>The measure itself: it must tell a reader that looks back at all pairs of octets for each one, whatever else the machine does.</summary>
    [Fact]
    public void S_24_Measure_FindsWhatIsNotLinear()
    {
        var sum = 0;
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertLinear(n => new byte[n], 128, octets =>
        {
            for (var i = 0; i < octets.Length; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    for (var k = 0; k <= j; k++) sum += octets[k] ^ i;
                }
            }
        }));
        Assert.Contains("times as long", failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, sum);
    }

    private static string With(string headers) => new RequestText { Headers = headers }.ToString();

    private static byte[] Multipart(string body) =>
        new RequestText { Headers = "Content-Type: multipart/mixed;boundary=x\r\n", Body = body }.ToOctets();

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);

    private static void AssertLinear(Func<int, byte[]> make, int size, Action<byte[]> read)
    {
        var (single, twice) = (make(size), make(2 * size));
        var ratio = 0.0;
        for (var i = 0; i < Tries; i++)
        {
            ratio = Least(twice, read) / Math.Max(Least(single, read), TimeProvider.System.TimestampFrequency / 200_000.0); // 5 microseconds, of which no ratio tells
            if (ratio <= MostPerDoubling) return;
        }

        Assert.Fail($"{2 * size} octets take {ratio:F1} times as long as {size}.");
    }

    private static long Least(byte[] octets, Action<byte[]> read)
    {
        var least = long.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var started = TimeProvider.System.GetTimestamp();
            read(octets);
            least = Math.Min(least, TimeProvider.System.GetTimestamp() - started);
        }

        return least;
    }

    private static void ReadMessage(byte[] octets)
    {
        var message = new SipMessage();
        SipParser.TryParseDatagram(octets, 0, octets.Length, message);
        SipRequest.TryRead(message, out _, out _);
        foreach (var id in (HeaderId[])[HeaderId.Via, HeaderId.Contact, HeaderId.Route, HeaderId.To])
        {
            foreach (var value in message.Values(id))
            {
                _ = NameAddress.TryParse(value, out _);
                _ = Via.TryParse(value, out _);
            }
        }

        _ = MultipartBody.Find(message, "application/sdp"u8);
    }

    private static void ReadValue(byte[] octets)
    {
        _ = NameAddress.TryParse(octets, out _);
        _ = Via.TryParse(octets, out _);
        _ = SipUri.TryParse(octets, out _);
        _ = SipUriComparison.AreEqual(octets, [.. octets, (byte)'a']);
        _ = HeaderParameters.TryFind(octets, "none"u8, out _);
        _ = HeaderParameters.AreValid(octets);
        _ = DigestCredentials.TryParse(octets, out _);
        _ = DigestCredentials.TryParse([.. "Digest "u8, .. octets], out _);
        _ = TransportAddress.TryParseHost(octets, 1, out _);
        _ = SipUri.TryUnescape(octets, new byte[octets.Length], out _);
    }
}
