using System.Text;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Connecting;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>Transfer, Forward, Bridge and Refer: what they read, ask for and tell (bxml.md 7).</summary>
public sealed class ConnectingVerbTests
{
    [Fact]
    public void Transfer_ReadsAllOfIt()
    {
        using var run = new VerbRun();
        run.Call.Transfers.Enqueue(new TransferEnd("+12025550199", "sip:bob@x.example", "hangup", null, null));
        run.Start(
            """
            <Transfer transferCallerId="+12025550199" transferCallerDisplayName="The Office" callTimeout="12.5" diversionTreatment="Stack" diversionReason="no-answer" tag="t">
              <PhoneNumber transferAnswerUrl="/a" transferAnswerMethod="GET" transferAnswerFallbackUrl="/f" transferDisconnectUrl="/d" username="u" password="p"
                fallbackUsername="fu" fallbackPassword="fp" tag="b" uui="aGk=;encoding=base64"> +12025550111 </PhoneNumber>
              <SipUri uui="aGk=;encoding=base64,00ff;encoding=hex">sip:bob@x.example</SipUri>
            </Transfer>
            """).After(1);

        var plan = Assert.Single(run.Call.Plans);
        Assert.Equal(("+12025550199", "The Office", TimeSpan.FromSeconds(12.5)), (plan.CallerId, plan.CallerDisplayName, plan.CallTimeout));
        Assert.Equal((DiversionTreatment.Stack, "no-answer"), (plan.Diversion, plan.DiversionReason));
        var (number, uri) = (plan.Targets[0], plan.Targets[1]);
        Assert.Equal(("+12025550111", "b", "https://app.example/a", true), (number.To, number.Tag, number.Answer!.Primary.Url.ToString(), number.Answer.Primary.IsGet));
        Assert.Equal(("https://app.example/f", "fp"), (number.Answer.Fallback!.Url.ToString(), number.Answer.Fallback.Credentials!.Password));
        Assert.Equal(("https://app.example/d", "p"), (number.Disconnect!.Url.ToString(), number.Disconnect.Credentials!.Password));
        Assert.Empty(number.UserToUser!);
        Assert.Equal(["aGk=;encoding=base64", "00ff;encoding=hex"], uri.UserToUser!);
        Assert.Equal((null, null), (uri.Answer, uri.Disconnect));
        Assert.Equal(("t", "hangup"), (run.Call.Tag, run.Outcome.Cause));
    }

    [Fact]
    public void Transfer_TellsHowItEnded_AndTheAnswerRunsInTheRestsPlace()
    {
        using var run = new VerbRun().Answering("<Tag>x</Tag>");
        run.Call.Transfers.Enqueue(new TransferEnd("Restricted", "+12025550111", "busy", "Callee is busy", "e-1"));
        run.Start("<Transfer transferCompleteUrl=\"/c\"><PhoneNumber>+12025550111</PhoneNumber></Transfer><Tag>never</Tag>").After(1);

        Assert.Equal(
            [
                "transfer +12025550111",
                """transferComplete {"transferCallerId":"Restricted","transferTo":"\u002B12025550111","cause":"busy","errorMessage":"Callee is busy","errorId":"e-1"}""",
            ],
            run.Steps);
        Assert.Equal("x", run.Call.Tag);
    }

    [Fact]
    public void Transfer_WithoutUrl_TheNextVerbRuns()
    {
        using var run = new VerbRun();
        run.Call.Transfers.Enqueue(new TransferEnd("+12025550100", "sip:b@x.example", "timeout", null, null));
        run.Start("<Transfer><SipUri>sip:b@x.example</SipUri></Transfer><SpeakSentence>Leave a note</SpeakSentence>").After(2);
        Assert.Equal(["transfer sip:b@x.example", "answer", "play Leave a note"], run.Steps);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void Transfer_Targets(int count, bool isValid) => Assert.Equal(
        isValid, Reading.IsValid($"<Transfer>{string.Concat(Enumerable.Repeat("<SipUri>sip:b@x.example</SipUri>", count))}</Transfer>"));

    [Theory]
    [InlineData("callTimeout='1'", true)]
    [InlineData("callTimeout='300'", true)]
    [InlineData("callTimeout='0.9'", false)]
    [InlineData("callTimeout='300.1'", false)]
    [InlineData("transferCallerId='+12025550100'", true)]
    [InlineData("transferCallerId='anonymous'", true)]
    [InlineData("transferCallerId='12025550100'", false)]
    [InlineData("transferCallerId='Hidden'", false)]
    [InlineData("transferCallerId=''", false)]
    [InlineData("transferCallerDisplayName=''", true)]
    [InlineData("transferCallerDisplayName='a&#x7;b'", false)]
    [InlineData("diversionTreatment='copy'", false)]
    [InlineData("diversionReason='busy'", false)]
    [InlineData("diversionReason='out-of-service'", true)]
    [InlineData("transferCompleteUrl='ftp://x'", false)]
    public void Transfer_Attributes(string attribute, bool isValid) =>
        Assert.Equal(isValid, Reading.IsValid($"<Transfer {attribute}><SipUri>sip:b@x.example</SipUri></Transfer>"));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Transfer_LengthOfNameAndUui(int length, bool isValid)
    {
        Assert.Equal(isValid, Reading.IsValid($"<Transfer transferCallerDisplayName='{new string('n', length)}'><SipUri>sip:b@x.example</SipUri></Transfer>"));
        var uui = new string('a', length - ";encoding=jwt".Length) + ";encoding=jwt";
        Assert.Equal(isValid, Reading.IsValid($"<Transfer><SipUri uui='{uui}'>sip:b@x.example</SipUri></Transfer>"));
    }

    [Theory]
    [InlineData("<PhoneNumber>2025550100</PhoneNumber>", "PhoneNumber's text is \"2025550100\"; give a number in E.164 form, such as +12025550100.")]
    [InlineData("<PhoneNumber>sip:a@b.example</PhoneNumber>", "PhoneNumber's text is \"sip:a@b.example\"; give a number in E.164 form, such as +12025550100.")]
    [InlineData("<SipUri>+12025550100</SipUri>", "SipUri's text is \"+12025550100\"; give a SIP URI, such as sip:user@realm.")]
    [InlineData("<SipUri>sip:b.example</SipUri>", "SipUri's text is \"sip:b.example\"; give a SIP URI, such as sip:user@realm.")]
    [InlineData("<SipUri uui='a'>sip:a@b.example</SipUri>", "SipUri's uui is \"a\"; give values of the form value;encoding=jwt, base64 or hex, separated by commas, at most 256 characters.")]
    [InlineData("<Endpoint>x</Endpoint>", "<Endpoint> cannot stand inside <Transfer>; give PhoneNumber and SipUri only.")]
    public void Transfer_ErrorsOfTargets_AreToldInWords(string target, string message) =>
        Assert.EndsWith(message, Reading.Error($"<Response><Transfer>{target}</Transfer></Response>").Message, StringComparison.Ordinal);

    [Fact]
    public void Forward_EndsTheCallAsItsTargetDoes()
    {
        using var run = new VerbRun();
        run.Call.Transfers.Enqueue(new TransferEnd("+12025550100", "sip:b@x.example", "busy", "Callee is busy", "e-1"));
        run.Start("<Forward to='sip:b@x.example' from='+12025550100' callTimeout='30' uui='aGk=;encoding=base64'/><Tag>never</Tag>").After(1);
        Assert.Equal(("busy", "Callee is busy"), (run.Outcome.Cause, run.Outcome.Message));
        var plan = Assert.Single(run.Call.Plans);
        Assert.Equal(("+12025550100", "sip:b@x.example", "aGk=;encoding=base64"), (plan.CallerId, plan.Targets[0].To, Assert.Single(plan.Targets[0].UserToUser!)));
    }

    [Fact]
    public void Forward_OfAnAnsweredCall_IsAnApplicationError()
    {
        using var run = new VerbRun();
        run.Call.IsAnswered = true;
        run.Start("<Forward to='+12025550100'/>");
        Assert.Equal(("application-error", "Forward works on an inbound call that was not answered; use Transfer for others."), (run.Outcome.Cause, run.Outcome.Message));
    }

    [Theory]
    [InlineData("to='+12025550100'", true)]
    [InlineData("to='sip:a@b.example' from='Unavailable'", true)]
    [InlineData("", false)]
    [InlineData("to='alice'", false)]
    [InlineData("to='+12025550100' from='me'", false)]
    [InlineData("to='+12025550100' callTimeout='301'", false)]
    public void Forward_Attributes(string attributes, bool isValid) => Assert.Equal(isValid, Reading.IsValid($"<Forward {attributes}/>"));

    [Fact]
    public void Bridge_AsksBothUrls()
    {
        using var run = new VerbRun().Answering("<Hangup/>");
        run.Start("<Bridge bridgeCompleteUrl='/c' bridgeTargetCompleteUrl='/t' tag='t'>c-2</Bridge><Tag>never</Tag>").After(1);
        Assert.Equal(["bridge c-2, then https://app.example/t", "bridgeComplete {}"], run.Steps);
        Assert.Equal("t", run.Call.Tag);
    }

    [Fact]
    public void Bridge_ThatFails_TellsWhy_OrTheNextVerbRuns()
    {
        using var run = new VerbRun().Answering("<Hangup/>");
        run.Call.BridgeRefusal = "Call c-2 is already bridged with another call";
        run.Start("<Bridge>c-2</Bridge><Bridge bridgeCompleteUrl='/c'>c-2</Bridge>").After(2);
        Assert.Equal(["bridge c-2, then ", "bridge c-2, then "], run.Steps[..2]);
        Assert.StartsWith("""bridgeComplete {"cause":"application-error","errorMessage":"Call c-2 is already bridged with another call","errorId":""", run.Steps[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Bridge_WithoutId_IsRefused() => Assert.False(Reading.IsValid("<Bridge bridgeCompleteUrl='/c'/>"));

    [Theory]
    [InlineData(202, 200, """{"referCallStatus":"success","referSipResponseCode":202,"notifySipResponseCode":200}""", null)]
    [InlineData(202, 486, """{"referCallStatus":"failure","referSipResponseCode":202,"notifySipResponseCode":486}""", "x")]
    [InlineData(405, null, """{"referCallStatus":"failure","referSipResponseCode":405}""", "x")]
    [InlineData(null, null, """{"referCallStatus":"failure"}""", "x")]
    public void Refer_TellsWhatCameOfIt_AndOnlyOfAFailureTheAnswerRuns(int? refer, int? notify, string fields, string? tag)
    {
        using var run = new VerbRun().Answering("<Tag>x</Tag>");
        run.Call.Referred = new ReferEnd(refer, notify);
        run.Start("<Refer referCompleteUrl='/c'><SipUri>sip:b@x.example</SipUri></Refer><Tag>never</Tag>").After(1);
        Assert.Equal(["refer sip:b@x.example", $"referComplete {fields}"], run.Steps);
        Assert.Equal((tag, "hangup"), (run.Call.Tag, run.Outcome.Cause));
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(486, "next")]
    public void Refer_WithoutUrl_OnlyAfterAFailureTheNextVerbRuns(int notify, string? tag)
    {
        using var run = new VerbRun();
        run.Call.Referred = new ReferEnd(202, notify);
        run.Start("<Refer><SipUri>sip:b@x.example</SipUri></Refer><Tag>next</Tag>").After(1);
        Assert.Equal(tag, run.Call.Tag);
    }

    [Theory]
    [InlineData("<SipUri>sip:b@x.example</SipUri>", true)]
    [InlineData("", false)]
    [InlineData("<SipUri>sip:b@x.example</SipUri><SipUri>sip:b@x.example</SipUri>", false)]
    [InlineData("<SipUri>+12025550100</SipUri>", false)]
    [InlineData("<PhoneNumber>+12025550100</PhoneNumber>", false)]
    public void Refer_TakesOneSipUri(string parts, bool isValid) => Assert.Equal(isValid, Reading.IsValid($"<Refer>{parts}</Refer>"));

    [Theory]
    [InlineData("<Transfer><SipUri>sip:b@x.example</SipUri></Transfer>", "Transfer")]
    [InlineData("<Bridge>c-2</Bridge>", "Bridge")]
    [InlineData("<Forward to='+12025550100'/>", "Forward")]
    [InlineData("<Refer><SipUri>sip:b@x.example</SipUri></Refer>", "Refer")]
    public void NoneOfThem_RunsOnATargetBeforeItIsConnected(string verb, string name)
    {
        var read = Reading.Of(Encoding.UTF8.GetBytes($"<Response>{verb}</Response>"), context: BxmlContext.TransferAnswer);
        Assert.StartsWith($"Line 1, column 12: <{name}> cannot be used here; give ", read.Error!.Message, StringComparison.Ordinal);
    }
}
