using System.Net;
using System.Text;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;
using Sipstead.Testing;
using Sipstead.Testing.Fuzzing;
using Xunit;

namespace Sipstead.Sip.Tests.Fuzzing;

/// <summary>FUZZ: damaged SIP messages and STUN requests; see bench/fuzz/run for longer runs.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly byte[][] Challenges =
    [
        .. new[]
        {
            "Digest realm=\"carrier.example\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", algorithm=MD5, qop=\"auth,auth-int\", opaque=\"5ccc\\\"069\"",
            "digest\tNONCE=abc ,realm=\"r\", stale=true",
            "Digest realm=\"a, b=\\\\\", nonce=\"1\", algorithm=SHA-256-sess, qop=auth, domain=\"sip:x\", x=y",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private readonly SipOracle _oracle = new();

    public void Dispose() => _oracle.Dispose();

    [Fact]
    public void FUZZ_02_Samples_HoldWhatHoldsOfAnyOctets() => FuzzRun.Each("sip samples", SipCorpus.All, _oracle.Check);

    [Fact]
    public void FUZZ_02_UrisOfTheVectors_AreTakenByBothReadersAlike()
    {
        var uris = SharedFiles.Rows("vectors", "uri-compare.tsv").SelectMany(row => row).Concat(File.ReadLines(SharedFiles.Path("vectors", "contact-targets.txt"))).ToList();
        Assert.True(uris.Count > 100);
        foreach (var uri in uris)
        {
            var octets = Encoding.Latin1.GetBytes(uri);
            Assert.True(SipUri.TryParse(octets, out _) == (PlainGrammar.ReadUri(Encoding.Latin1.GetString(octets)) is not null), uri);
            Assert.True(NameAddress.TryParse(octets, out _) == (PlainGrammar.ReadAddress(Encoding.Latin1.GetString(octets)) is not null), uri);
        }
    }

    [Fact]
    public void FUZZ_03_Sip_Mutations_AreReadAsTheSecondReaderDoes_OverUdpAndStreamsAlike() => FuzzRun.Over("sip", SipCorpus.All, 4_000, _oracle.Check);

    [Fact]
    public void FUZZ_03_Sip_EveryPrefix() => FuzzRun.Each("sip prefixes", SipCorpus.All.SelectMany(Mutations.Prefixes), SipOracle.AssertPlainReaderAgrees);

    [Fact]
    public void FUZZ_03_Sip_EveryOctetAtEveryPlaceOfARegister() =>
        FuzzRun.Each("sip insertions", Mutations.Insertions(SipCorpus.ShortRegister), SipOracle.AssertPlainReaderAgrees);

    [Fact]
    public void FUZZ_03_Challenges_Mutations_AreMetWithCredentialsThatReadBack_OrNotAtAll()
    {
        var client = new DigestClient(new DigestLogin("a\"b\\c", "secret word"), default);
        FuzzRun.Over("challenges", Challenges, 15_000, octets =>
        {
            if (ReceivedChallenge.Read(octets, isProxy: true) is not { } challenge) return;
            using var draft = new MessageDraft();
            client.Write(draft.Writer, challenge, "INVITE"u8, "sip:x@h"u8, "body"u8);
            var line = draft.Writer.Written;
            Assert.True(line.StartsWith("Proxy-Authorization: "u8) && line.EndsWith("\r\n"u8));
            var value = line["Proxy-Authorization: ".Length..^2];
            Assert.True(value.IndexOfAny("\r\n\0"u8) < 0);
            if (challenge.Nonce.AsSpan().IndexOfAny("\r\n\0"u8) >= 0 || challenge.Realm.AsSpan().IndexOfAny("\r\n\0"u8) >= 0) return;
            if (challenge.Qop == DigestQop.None && challenge.Algorithm != DigestAlgorithm.Md5) return; // answered as asked, though we ask nobody so
            Assert.True(DigestCredentials.TryParse(value, out var credentials));
            Assert.True(credentials.Nonce.SequenceEqual(challenge.Nonce) && credentials.Realm.SequenceEqual(challenge.Realm));
        });
    }

    [Fact]
    public void FUZZ_03_Stun_Mutations_GetAnAnswerOfTheirOwnOrNone()
    {
        byte[][] corpus =
        [
            Convert.FromHexString("000100002112a442b7e7a701bc34d686fa87dfae"),
            Convert.FromHexString("0001002c2112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff000600096576746a3a68367659202020"),
            Convert.FromHexString("0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643"),
        ];
        var source = new TransportAddress(IPEndPoint.Parse("[2001:db8::1]:5060"));
        var answer = new byte[64];
        FuzzRun.Over("stun", corpus, 30_000, request =>
        {
            var length = StunBinding.Answer(request, source, answer);
            if (length == 0) return;
            Assert.Equal(44, length);
            Assert.Equal(request[4..20], answer[4..20]);
            Assert.Equal((0, 1), (request[0], request[1]));
            Assert.Equal(request.Length - 20, (request[2] << 8) | request[3]);
        });
    }
}
