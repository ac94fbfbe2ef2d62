using System.Text;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Callbacks;

/// <summary>Bodies of webhooks, octet for octet (webhooks.md 2, 3).</summary>
public sealed class CallEventTests
{
    private static readonly DateTimeOffset Time = new(2024, 5, 1, 10, 0, 0, 100, TimeSpan.Zero);

    private static readonly CallState Call = new()
    {
        CallId = "c-0a0b0c0d-00112233-4455-6677-8899-aabbccddeeff", AccountId = "9900000", ApplicationId = "0f0e0d0c-0b0a-0908-0706-050403020100",
        From = "+12025550100", To = "sip:alice@home.example", Direction = CallDirection.Outbound, BaseUrl = "https://voice.example/api/v2",
        Phase = CallPhase.Answered, EnqueuedTime = Time, StartTime = Time.AddMilliseconds(300), AnswerTime = Time.AddMilliseconds(5100), LastUpdate = Time,
        Tag = "t1",
    };

    [Fact]
    public void Write_Answer_IsTheContractsExample() => Assert.Equal(
        """
        {"eventType":"answer","eventTime":"2024-05-01T10:00:05.250Z","accountId":"9900000","applicationId":"0f0e0d0c-0b0a-0908-0706-050403020100",
        "from":"+12025550100","to":"sip:alice@home.example","direction":"outbound","callId":"c-0a0b0c0d-00112233-4455-6677-8899-aabbccddeeff",
        "callUrl":"https://voice.example/api/v2/accounts/9900000/calls/c-0a0b0c0d-00112233-4455-6677-8899-aabbccddeeff",
        "enqueuedTime":"2024-05-01T10:00:00.100Z","startTime":"2024-05-01T10:00:00.400Z","answerTime":"2024-05-01T10:00:05.200Z","tag":"t1"}
        """.ReplaceLineEndings(""),
        Encoding.UTF8.GetString(CallEvent.Write("answer", Call, Time.AddMilliseconds(5150), null)));

    [Fact]
    public void Write_WhatIsAbsent_IsLeftOut()
    {
        var inbound = Call with { Direction = CallDirection.Inbound, EnqueuedTime = null, AnswerTime = null, Tag = null };
        var json = Encoding.UTF8.GetString(CallEvent.Write("initiate", inbound, Time, null));

        Assert.DoesNotContain("null", json, StringComparison.Ordinal);
        Assert.DoesNotContain("enqueuedTime", json, StringComparison.Ordinal);
        Assert.DoesNotContain("answerTime", json, StringComparison.Ordinal);
        Assert.DoesNotContain("tag", json, StringComparison.Ordinal);
        Assert.Contains("\"direction\":\"inbound\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Disconnect_HasCauseAndError()
    {
        var ended = Call with { EndTime = Time.AddSeconds(9), DisconnectCause = "rejected", ErrorMessage = "no", ErrorId = "e-1" };
        var json = Encoding.UTF8.GetString(CallEvent.Write("disconnect", ended, Time, writer => CallEvent.WriteEnd(writer, ended, "sip-call", 603)));

        Assert.EndsWith(
            "\"endTime\":\"2024-05-01T10:00:09.100Z\",\"cause\":\"rejected\",\"errorMessage\":\"no\",\"errorId\":\"e-1\",\"sipCallId\":\"sip-call\",\"sipResponseCode\":603}",
            json, StringComparison.Ordinal);
    }

    [Fact]
    public void CallId_Has47CharactersAndTheDocumentedForm() =>
        Assert.Matches("^c-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", CallId.Create());
}
