using CsCheck;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Tests.Fuzzing;
using Sipstead.Testing.Fuzzing;
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
    public void FUZZ_04_AnyWellFormedMessage_IsReadByThePlainReaderAlike() => All.Sample(
        generated => SipOracle.AssertPlainReaderAgrees(generated.ToOctets()), seed: Seed, iter: Messages);

    [Fact]
    public void FUZZ_04_Stream_GivesTheSameAsDatagram() => All.Sample(
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
    public void MSG_20_AnyMutationThatIsTaken_WrittenAgain_ReadsTheSame() => Gen.Select(All.Array[1, 3], Gen.Int).Sample(
        (generated, seed) =>
        {
            using var oracle = new SipOracle();
            oracle.Check(Mutations.Apply([.. generated.Select(message => message.ToOctets())], new Random(seed)));
        },
        seed: Seed,
        iter: 1_000);

    [Fact]
    public void FUZZ_04_AnyMutationBeforeAMessage_IsTheSameHoweverSplit() => Gen.Select(All, All, Gen.Int).Sample(
        (first, second, seed) =>
        {
            byte[] octets = [.. Mutations.Apply([[.. "\r\n"u8, .. first.ToOctets()]], new Random(seed)), .. second.ToOctets()];
            var whole = StreamReading.Read(octets, octets.Length, out var wholeBroke);
            foreach (var step in (int[])[7, 100])
            {
                Assert.Equal(whole, StreamReading.Read(octets, step, out var broke));
                Assert.Equal(wholeBroke, broke);
            }
        },
        seed: Seed,
        iter: 1_000);
}
