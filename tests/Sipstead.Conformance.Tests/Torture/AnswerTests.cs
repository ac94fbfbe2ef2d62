using System.Globalization;
using Sipstead.Sip.Messages;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>TORT over the network: each message is sent as it is, octet for octet, and answered as its table says.</summary>
public sealed class AnswerTests(TortureServer server) : IClassFixture<TortureServer>
{
    private const int Silence = 0;

    /// <summary>
    /// The messages and the status that each gets with authentication on; 0 for none. Where the table leaves a choice, this is ours: malformed is 400
    /// (ruling 7), a host that no realm has is 404 (ruling 6), MESSAGE is not offered.
    /// </summary>
    public static TheoryData<string, int> Expected => new()
    {
        { "wsinv", 481 }, // it names a dialog, which does not exist: the normal handling of RFC 3261 12.2.2
        { "intmeth", 501 },
        { "esc01", 407 },
        { "escnull", 401 },
        { "esc02", 501 },
        { "lwsdisp", 200 },
        { "longreq", 407 },
        { "dblreq", 401 },
        { "semiuri", 200 },
        { "transports", 200 },
        { "mpart01", 405 },
        { "unreason", Silence },
        { "noreason", Silence },
        { "badinv01", 400 },
        { "clerr", 400 },
        { "ncl", 400 },
        { "scalar02", 400 },
        { "scalarlg", Silence },
        { "quotbal", 400 },
        { "ltgtruri", 400 },
        { "lwsruri", 400 },
        { "lwsstart", 400 },
        { "trws", 400 },
        { "escruri", 400 },
        { "baddate", 407 },
        { "regbadct", 401 },
        { "badaspec", 400 },
        { "baddn", 400 },
        { "badvers", 505 },
        { "mismatch01", 400 },
        { "mismatch02", 501 },
        { "bigcode", Silence },
        { "badbranch", 400 },
        { "insuf", 400 },
        { "unkscm", 416 },
        { "novelsc", 416 },
        { "unksm2", 400 },
        { "bext01", 420 },
        { "invut", 415 },
        { "regaut01", 401 },
        { "multi01", 400 },
        { "mcl01", 400 },
        { "bcast", Silence },
        { "zeromf", 200 },
        { "cparam01", 401 },
        { "cparam02", 401 },
        { "regescrt", 401 },
        { "sdp01", 406 },
        { "inv2543", 407 },
    };

    [Fact]
    public void TORT_49_NoMessageIsLeftOut()
    {
        var table = SharedFiles.Rows("torture", "expect.tsv").ToList();
        Assert.Equal(49, table.Count);
        Assert.Equal(table.Select(row => row[0][..^4]).Order(), Expected.Select(row => row.Data.Item1).Order());
        var files = Directory.GetFiles(SharedFiles.Path("torture"), "*.dat").Select(Path.GetFileNameWithoutExtension);
        Assert.Empty(Expected.Select(row => row.Data.Item1).Except(files));
    }

    /// <summary>Our choices are among those of the table; a REGISTER or INVITE is challenged before what stands behind authentication is looked at.</summary>
    [Theory]
    [MemberData(nameof(Expected))]
    public void TORT_49_OurChoice_IsAmongThoseOfTheTable(string name, int status)
    {
        var row = SharedFiles.Rows("torture", "expect.tsv").Single(row => row[0] == name + ".dat");
        if (status == Silence) Assert.True(row[5].Contains("no reply", StringComparison.Ordinal) || row[5].StartsWith("discard", StringComparison.Ordinal));
        else if (name == "wsinv") Assert.Contains("normal call handling", row[5], StringComparison.Ordinal);
        else if (name == "regbadct") Assert.Equal(401, status); // its 400 is in TORT_26
        else Assert.Contains(status.ToString(CultureInfo.InvariantCulture), row[5] + row[6], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task TORT_49_EveryMessage_IsAnsweredAsExpected(string name, int status)
    {
        var octets = TortureMessages.Read(name);
        var answers = await server.AnswersOverUdpAsync(octets, name == "quotbal" ? 5050 : 5060); // the one Via with another port
        Assert.Equal(status == Silence ? [] : [status], answers.Select(answer => answer.Status));
        foreach (var answer in answers) AssertWellFormed(answer, ParsedMessage.Datagram(octets));
    }

    [Fact]
    public async Task TORT_49_Answers_CarryWhatTheTableNames()
    {
        Assert.NotEmpty(await OnlyAsync("intmeth", "Allow"));
        Assert.NotEmpty(await OnlyAsync("esc02", "Allow"));
        Assert.NotEmpty(await OnlyAsync("mpart01", "Allow"));
        Assert.NotEmpty(await OnlyAsync("invut", "Accept"));
        Assert.Equal("nothingSupportsThis, nothingSupportsThisEither", await OnlyAsync("bext01", "Unsupported"));
        var challenge = await OnlyAsync("regaut01", "WWW-Authenticate");
        Assert.StartsWith("Digest ", challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("stale", challenge, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("SIP/2.0 505 ", (await server.AnswersOverUdpAsync(TortureMessages.Read("badvers"))).Single().StatusLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TORT_10_Transports_ViasComeBackInOrder_TheWayTheRequestCame()
    {
        var answer = (await server.AnswersOverUdpAsync(TortureMessages.Read("transports"))).Single();
        Assert.Equal(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"], answer.All("Via").Select(via => via.Split('/', ' ')[2]));
    }

    [Fact]
    public async Task TORT_33_Badbranch_FromTwoSources_SharesNothing()
    {
        var first = (await server.AnswersOverUdpAsync(TortureMessages.Read("badbranch"))).Single();
        var second = (await server.AnswersOverUdpAsync(TortureMessages.Read("badbranch"))).Single();
        Assert.Equal((400, 400), (first.Status, second.Status));
    }

    private async Task<string> OnlyAsync(string name, string header) =>
        (await server.AnswersOverUdpAsync(TortureMessages.Read(name))).Single().One(header) ?? throw new InvalidOperationException($"no {header}");

    /// <summary>UAS-07: what is copied is what came, as far as it stands there once, and the answer reads as one.</summary>
    private static void AssertWellFormed(SipResponseText answer, SipMessage request)
    {
        Assert.StartsWith("SIP/2.0 ", answer.StatusLine, StringComparison.Ordinal);
        Assert.Equal("0", answer.One("Content-Length"));
        if (request.Has(HeaderId.CallId)) Assert.Equal(ParsedMessage.Text(request.Value(HeaderId.CallId)), answer.One("Call-ID"));
        if (request.Has(HeaderId.CSeq)) Assert.Equal(ParsedMessage.Text(request.Value(HeaderId.CSeq)), answer.One("CSeq"));
        if (request.Has(HeaderId.From)) Assert.Equal(ParsedMessage.Text(request.Value(HeaderId.From)), answer.One("From"));
        if (request.Has(HeaderId.To)) Assert.Contains("tag", answer.One("To"), StringComparison.Ordinal);
    }
}
