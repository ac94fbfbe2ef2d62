using System.Text;
using CsCheck;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Parsing;

public sealed class ParserPropertyTests
{
    private const string Seed = "0N0XIzNsQ0O2";
    private const int Messages = 3_000;

    private static readonly Gen<GeneratedMessage> All = Gen.OneOf(MessageGenerator.Requests, MessageGenerator.Responses);

    [Fact]
    public void Parse_OfAnyWellFormedMessage_GivesWhatWasWritten() => All.Sample(
        generated =>
        {
            var message = ParsedMessage.Datagram(generated.ToOctets());
            Assert.Equal(SipError.None, message.Error);
            Assert.Equal(generated.Headers.Count, message.HeaderCount);
            for (var i = 0; i < message.HeaderCount; i++)
            {
                Assert.Equal(generated.Headers[i].Name, ParsedMessage.Text(message.NameOf(message.Headers[i])));
                Assert.Equal(generated.Headers[i].Value, ParsedMessage.Text(message.ValueOf(message.Headers[i])));
            }

            Assert.Equal(generated.Body, ParsedMessage.Text(message.Body));
            if (!message.IsRequest) return;
            Assert.True(SipRequest.TryRead(message, out var request, out var error), error.ToString());
            var start = generated.StartLine.Split(' ');
            Assert.Equal(start[0], ParsedMessage.Text(message.MethodToken));
            Assert.Equal(start[1], ParsedMessage.Text(request.Uri.Text));
            Assert.Equal(generated.Headers.Single(h => h.Name.Equals("cseq", StringComparison.OrdinalIgnoreCase)).Value, $"{request.CSeq} {start[0]}");
        },
        seed: Seed,
        iter: Messages);

    [Fact]
    public void Parse_OfWhatTheIndexSays_GivesTheSameIndex() => All.Sample(
        generated =>
        {
            var message = ParsedMessage.Datagram(generated.ToOctets());
            Assert.Equal(MessageSnapshot.Of(message), MessageSnapshot.Of(ParsedMessage.Datagram(Serialise(message))));
        },
        seed: Seed,
        iter: Messages);

    [Fact]
    public void Parse_OfAnyWellFormedMessage_AgreesWithThePlainSplitter() => All.Sample(
        generated => AssertAgrees(generated.ToOctets()), seed: Seed, iter: Messages);

    [Fact]
    public void Parse_AsStream_GivesTheSameAsDatagram() => All.Sample(
        generated =>
        {
            var octets = generated.ToOctets();
            var expected = MessageSnapshot.Of(ParsedMessage.Datagram(octets));
            Assert.Equal([expected, expected], StreamReading.Whole([.. octets, .. octets]));
            Assert.Equal([expected, expected], StreamReading.OctetByOctet([.. octets, .. octets]));
        },
        seed: Seed,
        iter: 100);

    [Fact]
    public void Parse_EveryPrefix_NeverThrows_AndIsNeverAccepted() => All.Sample(
        generated =>
        {
            var octets = generated.ToOctets();
            for (var length = 0; length < octets.Length; length++)
                Assert.NotEqual(SipError.None, ParsedMessage.Datagram(octets.AsSpan(0, length)).Error);
        },
        seed: Seed,
        iter: 100);

    [Fact]
    public void Parse_AnyMutation_NeverThrows_IsTheSameTwice_AndAgreesWithThePlainSplitter() => Gen.Select(All, Mutator.Mutations).Sample(
        (generated, mutations) =>
        {
            var octets = Mutator.Apply(generated.ToOctets(), mutations);
            AssertAgrees(octets);
            AssertSameTwice(octets);
            AssertStreamNeverThrows(octets);
        },
        seed: Seed,
        iter: 30_000);

    [Fact]
    public void Parse_AnyMutationAsStream_IsTheSameHoweverSplit() => Gen.Select(All, All, Mutator.Mutations).Sample(
        (first, second, mutations) =>
        {
            byte[] octets = [.. Mutator.Apply([.. "\r\n"u8, .. first.ToOctets()], mutations), .. second.ToOctets()];
            var whole = StreamReading.Read(octets, octets.Length, out var wholeBroke);
            foreach (var step in (int[])[1, 7, 100])
            {
                Assert.Equal(whole, StreamReading.Read(octets, step, out var broke));
                Assert.Equal(wholeBroke, broke);
            }
        },
        seed: Seed,
        iter: 2_000);

    [Fact]
    public void Parse_EachOctetAtEachPlaceOfARegister_NeverThrows()
    {
        var register = new RequestText { Method = "REGISTER", Headers = "Contact: \"A\" <sip:a@h;x>;q=0.5\r\nSubject: a\r\n b\r\n", Body = "x" }.ToOctets();
        for (var at = 0; at <= register.Length; at++)
        {
            for (var octet = 0; octet < 256; octet++)
            {
                byte[] inserted = [.. register.AsSpan(0, at), (byte)octet, .. register.AsSpan(at)];
                AssertAgrees(inserted);
                ReadAll(ParsedMessage.Datagram(inserted));
            }
        }
    }

    /// <summary>Where the parser accepts, the plain splitter sees the same.</summary>
    private static void AssertAgrees(byte[] octets)
    {
        var message = ParsedMessage.Datagram(octets);
        if (message.Error != SipError.None) return;
        var plain = new PlainSplitter(octets);
        Assert.Equal(plain.Headers.Count, message.HeaderCount);
        for (var i = 0; i < message.HeaderCount; i++)
        {
            Assert.Equal(plain.Headers[i].Name, ParsedMessage.Text(message.NameOf(message.Headers[i])));
            Assert.Equal(plain.Headers[i].Value, ParsedMessage.Text(message.ValueOf(message.Headers[i])));
        }

        Assert.Equal(plain.Body, ParsedMessage.Text(message.Body));
        Assert.StartsWith(message.IsRequest ? ParsedMessage.Text(message.MethodToken) : "SIP/2.0", plain.StartLine, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The framer reads the head of a stream again and again.</summary>
    private static void AssertSameTwice(byte[] octets)
    {
        var copy = octets.ToArray();
        var message = new SipMessage();
        SipParser.TryParseDatagram(copy, 0, copy.Length, message);
        var first = MessageSnapshot.Of(message);
        SipParser.TryParseDatagram(copy, 0, copy.Length, message);
        Assert.Equal(first, MessageSnapshot.Of(message));
    }

    private static void AssertStreamNeverThrows(byte[] octets) => StreamReading.Whole(octets);

    /// <summary>Reads every view there is.</summary>
    private static void ReadAll(SipMessage message)
    {
        SipRequest.TryRead(message, out _, out _);
        foreach (var id in Enum.GetValues<HeaderId>())
        {
            if (id == HeaderId.Count) continue;
            foreach (var value in message.Values(id))
            {
                _ = NameAddress.TryParse(value, out _);
                _ = Via.TryParse(value, out _);
            }
        }
    }

    private static byte[] Serialise(SipMessage message)
    {
        var text = new StringBuilder(message.IsRequest
            ? $"{ParsedMessage.Text(message.MethodToken)} {ParsedMessage.Text(message.RequestUri)} SIP/2.0\r\n"
            : $"SIP/2.0 {message.StatusCode} {ParsedMessage.Text(message.Reason)}\r\n");
        foreach (ref readonly var header in message.Headers)
            text.Append(ParsedMessage.Text(message.NameOf(header))).Append(": ").Append(ParsedMessage.Text(message.ValueOf(header))).Append("\r\n");
        return Encoding.Latin1.GetBytes(text.Append("\r\n").Append(ParsedMessage.Text(message.Body)).ToString());
    }
}
