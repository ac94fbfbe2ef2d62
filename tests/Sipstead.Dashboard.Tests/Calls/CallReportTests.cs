using System.Buffers;
using System.Text;
using Sipstead.Dashboard.Calls;
using Sipstead.Dashboard.Tests.Trace;
using Sipstead.Media;
using Sipstead.Voice.Bxml.Runs;

namespace Sipstead.Dashboard.Tests.Calls;

public sealed class CallReportTests
{
    [Fact]
    public void Report_HoldsEverySection()
    {
        var ran = new RanVerb("Hangup", 1, 12, SomeCall.Start, SomeCall.Start.AddSeconds(0.2), VerbEnd.EndedCall, "hangup");
        var report = ReportOf(SomeCall.Details(
            documents: [SomeCall.Run("<Response><Hangup/></Response>", null, ran)], exchanges: [SomeCall.Exchange("{\"a\":1}", "<Response/>")],
            trace: [Messages.Sent(1, Messages.Request("INVITE"))], media: new MediaStatistics { Codec = "PCMU", PacketsReceived = 7 }));

        Assert.Contains("Call c-1 of account 9900000", report, StringComparison.Ordinal);
        Assert.Contains("Answered: 2026-07-30 12:00:03.000 UTC", report, StringComparison.Ordinal);
        Assert.Contains("Media: PCMU, not encrypted, 7 packets received", report, StringComparison.Ordinal);
        Assert.Contains("Line 1, column 12: Hangup ended the call: hangup after 0.2 s", report, StringComparison.Ordinal);
        Assert.Contains("Webhook initiate at 2026-07-30 12:00:00.000 UTC: 200 after 12.3 ms", report, StringComparison.Ordinal);
        Assert.Contains("INVITE sip:a.example SIP/2.0", report, StringComparison.Ordinal);
    }

    [Fact]
    public void ControlCharacters_CannotCommandATerminal()
    {
        var report = ReportOf(SomeCall.Details(SomeCall.State with { ErrorMessage = "a\u001b[2Jb\u009bc" }, documents: [SomeCall.Run("\u0007")]));

        Assert.Contains("a?[2Jb?c", report, StringComparison.Ordinal);
        Assert.DoesNotContain(report, character => char.IsControl(character) && character is not ('\r' or '\n' or '\t'));
    }

    private static string ReportOf(Sipstead.Voice.Calls.CallDetails call)
    {
        var output = new ArrayBufferWriter<byte>();
        CallReport.Write(output, call);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
