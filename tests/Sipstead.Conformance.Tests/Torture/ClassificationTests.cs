using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>TORT: what the parser makes of each message of RFC 4475, as a datagram and on a stream. Answers over the network are tested elsewhere.</summary>
public sealed class ClassificationTests
{
    /// <summary>Messages, with the first error of a datagram and of a stream; <c>None</c> is "accept".</summary>
    public static TheoryData<string, SipError, SipError> Outcomes => new()
    {
        { "wsinv", SipError.None, SipError.None },
        { "intmeth", SipError.None, SipError.None },
        { "esc01", SipError.None, SipError.None },
        { "escnull", SipError.None, SipError.None },
        { "esc02", SipError.None, SipError.None },
        { "lwsdisp", SipError.None, SipError.None },
        { "longreq", SipError.None, SipError.None },
        { "dblreq", SipError.None, SipError.None },
        { "semiuri", SipError.None, SipError.None },
        { "transports", SipError.None, SipError.None },
        { "mpart01", SipError.None, SipError.None },
        { "unreason", SipError.None, SipError.None },
        { "noreason", SipError.None, SipError.None },
        { "badinv01", SipError.BadVia, SipError.BadVia },
        { "clerr", SipError.TruncatedBody, Waits },
        { "ncl", SipError.BadContentLength, SipError.BadContentLength },
        { "scalar02", SipError.BadMaxForwards, SipError.BadMaxForwards },
        { "scalarlg", SipError.None, SipError.None }, // a response: its scalars are for the transaction that it belongs to
        { "quotbal", SipError.BadTo, SipError.BadTo },
        { "ltgtruri", SipError.BadRequestUri, SipError.BadRequestUri },
        { "lwsruri", SipError.BadStartLine, SipError.BadStartLine },
        { "lwsstart", SipError.BadStartLine, SipError.BadStartLine },
        { "trws", SipError.BadStartLine, SipError.BadStartLine },
        { "escruri", SipError.BadRequestUri, SipError.BadRequestUri },
        { "baddate", SipError.None, SipError.None },
        { "regbadct", SipError.None, SipError.None }, // its Contact is refused: see FactTests
        { "badaspec", SipError.BadTo, SipError.BadTo },
        { "baddn", SipError.HeaderSectionNotTerminated, Waits },
        { "badvers", SipError.BadVersion, SipError.BadVersion },
        { "mismatch01", SipError.CSeqMethodMismatch, SipError.CSeqMethodMismatch },
        { "mismatch02", SipError.None, SipError.None }, // 501, which is preferred to 400
        { "bigcode", SipError.BadStatusCode, SipError.BadStatusCode },
        { "badbranch", SipError.MissingBranch, SipError.MissingBranch },
        { "insuf", SipError.MissingFrom, SipError.MissingFrom },
        { "unkscm", SipError.None, SipError.None },
        { "novelsc", SipError.None, SipError.None },
        { "unksm2", SipError.None, SipError.None },
        { "bext01", SipError.None, SipError.None },
        { "invut", SipError.None, SipError.None },
        { "regaut01", SipError.None, SipError.None },
        { "multi01", SipError.RepeatedHeader, SipError.RepeatedHeader },
        { "mcl01", SipError.RepeatedHeader, SipError.RepeatedHeader },
        { "bcast", SipError.None, SipError.None },
        { "zeromf", SipError.None, SipError.None },
        { "cparam01", SipError.None, SipError.None },
        { "cparam02", SipError.None, SipError.None },
        { "regescrt", SipError.None, SipError.None },
        { "sdp01", SipError.None, SipError.None },
        { "inv2543", SipError.None, SipError.MissingContentLength },
    };

    /// <summary>On a stream: waits for octets that never come, until the deadline of a message.</summary>
    private const SipError Waits = (SipError)255;

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void TORT_49_Datagram_IsClassified(string name, SipError expected, SipError onStream)
    {
        Assert.Equal(expected, ParsedMessage.ErrorOf(TortureMessages.Read(name)));
        Assert.True(Enum.IsDefined(onStream) || onStream == Waits);
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void TORT_49_Stream_IsClassified_InOnePieceAndOctetByOctet(string name, SipError datagram, SipError expected)
    {
        var octets = TortureMessages.Read(name);
        foreach (var step in (int[])[octets.Length, 1])
        {
            var messages = StreamReading.Read(octets, step, out var broken);
            if (expected == Waits)
            {
                Assert.Empty(messages);
                continue;
            }

            Assert.Equal(SipErrors.BreaksFraming(expected) || name is "mcl01" or "inv2543" or "dblreq", broken);
            var isRead = messages[0].Split('\n');
            Assert.Contains(expected is SipError.None ? " None" : $"{expected}", string.Join('\n', isRead[0], isRead[^1]), StringComparison.Ordinal);
            if (datagram == expected && !broken) Assert.Equal(MessageSnapshot.Of(ParsedMessage.Datagram(octets)), messages[0]);
        }
    }

    [Fact]
    public void TORT_49_Outcomes_AreThoseOfTheTable()
    {
        var table = TortureMessages.Table();
        Assert.Equal(table.Keys.Order(), Outcomes.Select(row => row.Data.Item1).Order());
        Assert.Equal(49, table.Count);
        foreach (var row in Outcomes)
        {
            var (name, error, _) = row.Data;
            switch (table[name])
            {
                // Table and policy meet one layer up: an empty branch is answered 400, a rejected Contact and an unknown method by their handlers.
                case "accept" or "accept message, Date unusable" or "accept (UDP)": Assert.Equal(name == "badbranch" ? SipError.MissingBranch : SipError.None, error); break;
                case "accept bytes, fail validation" or "reject (UDP)": Assert.NotEqual(SipError.None, error); break;
                case "reject": Assert.Equal(name is "regbadct" or "mismatch02", error == SipError.None); break;
                case "discard": Assert.False(ParsedMessage.Datagram(TortureMessages.Read(name)).IsRequest); break;
                default: Assert.Fail($"{name}: unknown outcome {table[name]}"); break;
            }
        }
    }

    [Fact]
    public void TORT_08_Dblreq_IsOneDatagram_AndTwoMessagesOnAStream()
    {
        var octets = TortureMessages.Read("dblreq");
        var datagram = ParsedMessage.Datagram(octets);
        Assert.Equal(SipMethod.Register, datagram.Method);
        Assert.True(datagram.Body.IsEmpty);
        var messages = StreamReading.Read(octets, octets.Length, out var broken);
        Assert.Contains("|Register|", messages[0], StringComparison.Ordinal);
        Assert.Contains("|Invite|", messages[1], StringComparison.Ordinal);

        // The INVITE's own Content-Length is short of its body: what is left of that is no message.
        Assert.Equal(3, messages.Count);
        Assert.True(broken);
    }
}
