using Sipstead.Media.Codecs;
using Sipstead.Media.Sdp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>The offers of vectors/sdp, each answered or refused as expect.tsv says; where that leaves a choice, ours stands here.</summary>
public sealed class SdpVectorTests
{
    private const int Answered = 200;
    private const int Malformed = 400;
    private const int NotAcceptable = 488;

    private static readonly Dictionary<string, int> Expected = new()
    {
        ["ok-basic"] = Answered, ["ok-lf-only"] = Answered, ["ok-no-final-crlf"] = Answered, ["ok-media-c-only"] = Answered,
        ["ok-empty-s"] = Answered, ["ok-missing-s"] = Answered, ["hold-zero-c"] = Answered, ["hold-sendonly"] = Answered,
        ["hold-inactive"] = Answered, ["video-unwanted"] = Answered, ["port-zero-offer"] = NotAcceptable, ["no-common-codec"] = NotAcceptable,
        ["dynamic-without-rtpmap"] = NotAcceptable, ["static-remap"] = Answered, ["savp-no-crypto"] = NotAcceptable,
        // Over plain signalling, which carries no keys; over TLS see KeyExchangeTests. DTLS is not offered.
        ["savp-sdes"] = NotAcceptable, ["dtls"] = NotAcceptable, ["sdes-short-key"] = NotAcceptable, ["sdes-bad-base64"] = NotAcceptable,
        ["sdes-dup-tag"] = NotAcceptable, ["dtls-no-fingerprint"] = NotAcceptable, ["ice-short-pwd"] = Answered, ["neg-port"] = Malformed,
        ["huge-port"] = Malformed, ["overflow-o"] = Answered, ["many-m"] = Malformed, ["many-a"] = Malformed, ["long-line"] = Malformed,
        ["fmtp-empty"] = Answered, ["m-no-fmt"] = Malformed, ["m-lowercase-garbage"] = Malformed, ["b-line-empty"] = Answered,
        // Taken, and sent to only from a loopback address of ours; else its source has to be learned.
        ["c-loopback"] = Answered, ["c-broadcast"] = NotAcceptable, ["c-multicast"] = NotAcceptable, ["c-fqdn"] = NotAcceptable,
        ["nul-in-line"] = Malformed, ["not-sdp"] = Malformed, ["version-1"] = Malformed, ["order-wrong"] = Malformed,
    };

    public static TheoryData<string> Names => [.. Expected.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void OA_01_Vector_IsAnsweredOrRefusedAsExpected(string name)
    {
        var offer = File.ReadAllBytes(SharedFiles.Path("vectors", "sdp", name + ".sdp"));
        var negotiator = SdpText.Negotiator();
        var answer = negotiator.Answer(offer);
        Assert.Equal(Expected[name], answer.Refusal?.Status ?? Answered);
        Assert.NotEqual(answer.Sdp is null, answer.Refusal is null);
        Assert.Equal(answer.Refusal is null, negotiator.Agreed is not null);
    }

    [Fact]
    public void OA_01_Vectors_AreAllCovered() =>
        Assert.Equal(SharedFiles.Rows("vectors", "sdp", "expect.tsv").Select(row => Path.GetFileNameWithoutExtension(row[0])).Order(), Expected.Keys.Order());

    [Theory]
    [InlineData("hold-zero-c", "recvonly")]
    [InlineData("hold-sendonly", "recvonly")]
    [InlineData("hold-inactive", "inactive")]
    [InlineData("ok-basic", "sendrecv")]
    public void OA_04_VectorOnHold_IsAnsweredSo(string name, string direction)
    {
        var negotiator = SdpText.Negotiator();
        var answer = negotiator.Answered(File.ReadAllBytes(SharedFiles.Path("vectors", "sdp", name + ".sdp")));
        Assert.Equal(direction, answer.Media[0].Direction());
        Assert.Equal(direction == "sendrecv", negotiator.Agreed!.MaySend);
    }

    [Fact]
    public void OA_02_VectorWithVideo_KeepsBothLines()
    {
        var answer = SdpText.Negotiator().Answered(File.ReadAllBytes(SharedFiles.Path("vectors", "sdp", "video-unwanted.sdp")));
        Assert.Equal(2, answer.Media.Count);
        Assert.Equal(("video", (ushort)0), (answer.Media[1].Type, answer.Media[1].Port));
    }

    [Fact]
    public void OA_07_VectorWithStaticPayloadRemapped_FollowsTheMap()
    {
        var negotiator = SdpText.Negotiator();
        var answer = negotiator.Answered(File.ReadAllBytes(SharedFiles.Path("vectors", "sdp", "static-remap.sdp")));
        Assert.Equal("0 PCMA/8000", answer.Media[0].Find("rtpmap"));
        Assert.Equal(PayloadUse.Of(AudioCodec.Pcma), negotiator.Agreed!.UseOf(0));
    }
}
