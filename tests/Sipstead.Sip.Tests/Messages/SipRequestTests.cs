using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

public sealed class SipRequestTests
{
    [Fact]
    public void TryRead_WellFormed_GivesItsParts()
    {
        var message = ParsedMessage.Datagram(new RequestText { Method = "REGISTER", CSeq = "4294967295 \t REGISTER" }.ToOctets());
        Assert.True(SipRequest.TryRead(message, out var request, out var error));
        Assert.Equal(SipError.None, error);
        Assert.Equal(SipMethod.Register, request.Method);
        Assert.Equal("example.com", ParsedMessage.Text(request.Uri.Host));
        Assert.Equal("z9hG4bK776asdhds", ParsedMessage.Text(request.Via.Branch));
        Assert.Equal("88a7s", ParsedMessage.Text(request.From.Tag));
        Assert.True(request.To.Tag.IsEmpty);
        Assert.Equal("a84b4c76e66710@192.0.2.10", ParsedMessage.Text(request.CallId));
        Assert.Equal(uint.MaxValue, request.CSeq);
    }

    [Theory]
    [InlineData("REGISTER", SipMethod.Register)]
    [InlineData("INVITE", SipMethod.Invite)]
    [InlineData("ACK", SipMethod.Ack)]
    [InlineData("BYE", SipMethod.Bye)]
    [InlineData("CANCEL", SipMethod.Cancel)]
    [InlineData("OPTIONS", SipMethod.Options)]
    [InlineData("INFO", SipMethod.Info)]
    [InlineData("MESSAGE", SipMethod.Message)]
    [InlineData("NOTIFY", SipMethod.Notify)]
    [InlineData("PRACK", SipMethod.Prack)]
    [InlineData("PUBLISH", SipMethod.Publish)]
    [InlineData("REFER", SipMethod.Refer)]
    [InlineData("SUBSCRIBE", SipMethod.Subscribe)]
    [InlineData("UPDATE", SipMethod.Update)]
    [InlineData("register", SipMethod.Unknown)]
    [InlineData("REGISTERS", SipMethod.Unknown)]
    [InlineData("RE%47IST%45R", SipMethod.Unknown)]
    public void TryRead_Method_IsMatchedOctetByOctet(string name, SipMethod method)
    {
        Assert.True(SipRequest.TryRead(ParsedMessage.Datagram(new RequestText { Method = name }.ToOctets()), out var request, out _));
        Assert.Equal(method, request.Method);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("OPTIONS")]
    [InlineData("1OPTIONS")]
    [InlineData("4294967296 OPTIONS")]
    [InlineData("-1 OPTIONS")]
    [InlineData("1 ")]
    [InlineData("1 OPT IONS")]
    [InlineData("1\u00a0OPTIONS")]
    [InlineData("")]
    public void TryRead_BadCSeq_IsRefused(string value) => Assert.Equal(SipError.BadCSeq, ParsedMessage.ErrorOf(new RequestText { CSeq = value }));

    [Theory]
    [InlineData("OPTIONS", "INVITE", SipError.CSeqMethodMismatch)]
    [InlineData("OPTIONS", "options", SipError.CSeqMethodMismatch)]
    [InlineData("NEWMETHOD", "INVITE", SipError.None)]
    public void TryRead_CSeqOfAnotherMethod_IsRefusedForKnownMethods(string method, string other, SipError error) =>
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Method = method, CSeq = $"1 {other}" }));

    [Theory]
    [InlineData("z9hG4bK")]
    [InlineData("Z9HG4BK")]
    public void TryRead_BranchThatIsTheCookieAlone_IsRefused(string branch) =>
        Assert.Equal(SipError.MissingBranch, ParsedMessage.ErrorOf(new RequestText { Via = $"SIP/2.0/UDP h;branch={branch}" }));

    [Theory]
    [InlineData("a@b", true)]
    [InlineData("word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", true)]
    [InlineData("", false)]
    [InlineData("@b", false)]
    [InlineData("a@", false)]
    [InlineData("a@b@c", false)]
    [InlineData("a b", false)]
    [InlineData("a,b", false)]
    public void TryRead_CallId_IsAWordOrTwo(string callId, bool accepted) =>
        Assert.Equal(accepted ? SipError.None : SipError.BadCallId, ParsedMessage.ErrorOf(new RequestText { CallId = callId }));

    [Fact]
    public void TryRead_SeveralErrors_NamesTheFirstOfTheFixedOrder()
    {
        var all = new RequestText { Version = "SIP/3.0", Via = "bad", Uri = "bad", From = "bad", To = "bad", CallId = "b d", CSeq = "bad" };
        Assert.Equal(SipError.BadVersion, ParsedMessage.ErrorOf(all));
        all = all with { Version = "sip/2.0" };
        Assert.Equal(SipError.BadVia, ParsedMessage.ErrorOf(all));
        all = all with { Via = new RequestText().Via };
        Assert.Equal(SipError.BadRequestUri, ParsedMessage.ErrorOf(all));
        all = all with { Uri = new RequestText().Uri };
        Assert.Equal(SipError.BadFrom, ParsedMessage.ErrorOf(all));
        all = all with { From = new RequestText().From };
        Assert.Equal(SipError.BadTo, ParsedMessage.ErrorOf(all));
        all = all with { To = new RequestText().To };
        Assert.Equal(SipError.BadCallId, ParsedMessage.ErrorOf(all));
        all = all with { CallId = new RequestText().CallId };
        Assert.Equal(SipError.BadCSeq, ParsedMessage.ErrorOf(all));
    }
}
