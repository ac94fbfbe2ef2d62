using ARSoft.Tools.Net.Dns;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>Every vector of <c>shared/vectors/dns</c>, over UDP and TCP, held to its line of <c>expect.tsv</c>.</summary>
public sealed class VectorTests
{
    private const int NoError = 0, FormErr = 1, NxDomain = 3, NotImp = 4, Refused = 5, BadVers = 16;

    /// <summary>file, response code (-1: silence), flags, records in answer and authority, OPT, question echoed.</summary>
    private static readonly (string File, int Rcode, string Flags, int Answers, int Authority, bool Opt, bool Echo)[] Expected =
    [
        ("srv-plain.bin", NoError, "QR AA RD", 1, 0, false, true),
        ("srv-mixed-case.bin", NoError, "QR AA", 1, 0, false, true),
        ("naptr.bin", NoError, "QR AA", 2, 0, false, true),
        ("nxdomain.bin", NxDomain, "QR AA", 0, 1, false, true),
        ("nodata.bin", NoError, "QR AA", 0, 1, false, true),
        ("not-our-zone.bin", Refused, "QR RD", 0, 0, false, true),
        ("any.bin", NoError, "QR AA", 1, 0, false, true),
        ("axfr-udp.bin", Refused, "QR", 0, 0, false, true),
        ("chaos-version.bin", Refused, "QR", 0, 0, false, true),
        ("edns0.bin", NoError, "QR AA", 1, 0, true, true),
        ("edns-ver1.bin", BadVers, "QR", 0, 0, true, true),
        ("edns-size-100.bin", NoError, "QR AA", 1, 0, true, true),
        ("edns-size-65535.bin", NoError, "QR AA", 1, 0, true, true),
        ("edns-unknown-option.bin", NoError, "QR AA", 1, 0, true, true),
        ("edns-two-opt.bin", FormErr, "QR", 0, 0, true, true),
        ("edns-opt-short-rdlen.bin", FormErr, "QR", 0, 0, false, true),
        ("two-questions.bin", FormErr, "QR", 0, 0, false, false),
        ("zero-questions.bin", FormErr, "QR", 0, 0, false, false),
        ("opcode-notify.bin", NotImp, "QR", 0, 0, false, true),
        ("opcode-update.bin", NotImp, "QR", 0, 0, false, true),
        ("qr-set.bin", -1, "", 0, 0, false, false),
        ("z-bit.bin", NoError, "QR AA", 1, 0, false, true),
        ("pointer-loop.bin", FormErr, "QR", 0, 0, false, false),
        ("pointer-forward.bin", FormErr, "QR", 0, 0, false, false),
        ("label-64.bin", FormErr, "QR", 0, 0, false, false),
        ("name-256.bin", FormErr, "QR", 0, 0, false, false),
        ("truncated-header.bin", -1, "", 0, 0, false, false),
        ("truncated-question.bin", FormErr, "QR", 0, 0, false, false),
        ("trailing-junk.bin", FormErr, "QR", 0, 0, false, true),
        ("label-dot-in-label.bin", NxDomain, "QR AA", 0, 1, false, true),
        ("nul-label.bin", NxDomain, "QR AA", 0, 1, false, true),
        ("empty-datagram.bin", -1, "", 0, 0, false, false),
    ];

    public static TheoryData<string, bool> Cases()
    {
        var cases = new TheoryData<string, bool>();
        foreach (var (file, _, _, _, _, _, _) in Expected)
        {
            cases.Add(file, false);
            cases.Add(file, true);
        }
        return cases;
    }

    [Fact]
    public void Vectors_EveryFileOfTheFolder_HasAnExpectation()
    {
        var files = Directory.GetFiles(SharedFiles.Path("vectors", "dns"), "*.bin").Select(Path.GetFileName).Order();
        Assert.Equal(files, Expected.Select(expected => expected.File).Order());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task DNS_01_Vector_IsAnsweredAsExpected(string file, bool tcp)
    {
        var octets = DnsVectors.Load(file);
        var expected = Expected.Single(line => line.File == file);
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp);

        if (expected.Rcode < 0)
        {
            await client.SendAsync(octets);
            await running.UntilDroppedAsync(file == "qr-set.bin" ? "response" : "short", tcp);
            Assert.Equal("QR AA RD", (await client.AskAsync("example.com", RecordType.Soa)).Flags);
            // Counted after the octets have left: the answer can be here before its count.
            await RunningResponder.UntilAsync(() => running.Answered > 0);
            Assert.Equal(1, running.Answered);
            return;
        }
        var answer = await client.AskAsync(octets);
        Assert.Equal(octets.AsSpan(0, 2), answer.Octets.AsSpan(0, 2));
        Assert.Equal((octets[2] >> 3) & 15, answer.Opcode);
        Assert.Equal(expected.Rcode, answer.Rcode);
        Assert.Equal(expected.Flags, answer.Flags);
        Assert.Equal(expected.Answers, answer.Answers.Count);
        Assert.Equal(expected.Authority, answer.Authority.Count);
        Assert.Equal(expected.Opt, answer.Opt is not null);
        Assert.All(answer.Authority, record => Assert.IsType<SoaRecord>(record));
        if (expected.Echo)
            Assert.True(answer.Echoes(octets));
        else
            Assert.Equal(0, answer.QuestionCount);
        if (expected.Rcode == Refused)
            Assert.True(answer.Octets.Length <= octets.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DNS_02_SrvMixedCaseVector_GivesTheSameDataAsThePlainOne(bool tcp)
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp);

        var plain = await client.AskAsync(DnsVectors.Load("srv-plain.bin"));
        var mixed = await client.AskAsync(DnsVectors.Load("srv-mixed-case.bin"));

        var expected = Assert.IsType<SrvRecord>(plain.Answers.Single());
        var actual = Assert.IsType<SrvRecord>(mixed.Answers.Single());
        Assert.Equal((expected.Priority, expected.Weight, expected.Port, expected.Target),
            (actual.Priority, actual.Weight, actual.Port, actual.Target));
    }
}
