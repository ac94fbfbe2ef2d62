using System.Text;
using Sipstead.Media.Rtp;
using Sipstead.Media.Sdp;
using Sipstead.Media.Tests.Sdp;
using Sipstead.Testing;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Media.Tests.Fuzzing;

/// <summary>FUZZ: damaged session descriptions and media packets; see bench/fuzz/run for longer runs.</summary>
public sealed class FuzzTests
{
    private const uint OurSsrc = 0x01020304;

    private static readonly IReadOnlyList<byte[]> Descriptions =
    [
        SdpText.Of(SdpText.AllFormats + "a=rtcp:5 IN IP4 192.0.2.3\na=ptime:20\na=maxptime:40\na=rtcp-mux\na=sendonly\n"),
        SdpText.Of("m=audio 4000 RTP/SAVP 8 9\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|2^20\nm=video 0 RTP/AVP 31\n", "IN IP6 2001:db8::1"),
        Encoding.Latin1.GetBytes("v=0\no=a 18446744073709551615 1 IN IP4 h\ns=\nb=AS:64\nt=1 2\nm=audio 1/1 RTP/AVP 0\nc=IN IP4 192.0.2.1/127\na=inactive\n"),
        .. OfVectors(),
    ];

    [Fact]
    public void FUZZ_03_Sdp_Mutations_AreRefusedOrReadBackAsTheyAreWritten() => FuzzRun.Over("sdp", Descriptions, 20_000, octets =>
    {
        var isRead = SdpParser.TryParse(octets, out var description, out var error);
        Assert.Equal(isRead, error == SdpError.None);
        if (isRead)
        {
            var written = SdpWriter.Write(description);
            Assert.True(SdpParser.TryParse(written, out var again, out var writtenError), $"{writtenError}");
            Assert.Equal(Encoding.Latin1.GetString(written), Encoding.Latin1.GetString(SdpWriter.Write(again)));
            Assert.Equal(description.Media.Count, again.Media.Count);
        }

        var answer = SdpText.Negotiator().Answer(octets);
        Assert.NotEqual(answer.Sdp is null, answer.Refusal is null);
        if (answer.Sdp is null) return;
        Assert.True(isRead);
        Assert.Equal(description.Media.Count, SdpText.Parse(answer.Sdp).Media.Count);
    });

    [Fact]
    public void FUZZ_03_Rtp_Mutations_AreViewsWithinThePacket() => FuzzRun.Over("rtp", Packets(), 100_000, octets =>
    {
        _ = PacketKinds.Of(octets);
        if (!RtpPacket.TryRead(octets, out var packet)) return;
        Assert.True(packet.Payload.Length <= octets.Length - RtpPacket.HeaderSize);
        if (!packet.Payload.IsEmpty) Assert.True(octets.AsSpan().Overlaps(packet.Payload));
        _ = TelephoneEvent.TryRead(packet.Payload, out _);
    });

    [Fact]
    public void FUZZ_03_Rtcp_Mutations_ReportOnUsOnly() => FuzzRun.Over("rtcp", Compounds(), 100_000, octets =>
    {
        if (RtcpCompound.TryRead(octets, OurSsrc, out var compound) && compound.Report is { } report) Assert.Equal(OurSsrc, report.Ssrc);
    });

    private static List<byte[]> Packets() =>
    [
        Convert.FromHexString("8000000100000064deadbeefffffffffffffffff"),
        Convert.FromHexString("b2e5fffe00000064deadbeef0102030405060708abcd0001aaaaaaaa0a0a00a000000004"),
    ];

    private static List<byte[]> Compounds()
    {
        var octets = new byte[RtcpWriter.MaxSize];
        var writer = new RtcpWriter(octets);
        writer.WriteReport(9, new SenderInformation(1, 2, 3, 4), new ReceptionReport(OurSsrc, 1, 2, 3, 4, 5, 6));
        writer.WriteName(9, "a name"u8);
        writer.WriteBye(9);
        return [octets[..writer.Length]];
    }

    private static IEnumerable<byte[]> OfVectors() => RepositoryPaths.Shared is { } shared && Directory.Exists(Path.Combine(shared, "vectors", "sdp"))
        ? Directory.GetFiles(Path.Combine(shared, "vectors", "sdp"), "*.sdp").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
        : [];
}
