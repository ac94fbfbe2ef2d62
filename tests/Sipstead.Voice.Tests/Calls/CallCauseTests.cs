using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>The table of docs/calls.md.</summary>
public sealed class CallCauseTests
{
    [Theory]
    [InlineData(486, "busy")]
    [InlineData(600, "busy")]
    [InlineData(408, "timeout")]
    [InlineData(480, "timeout")]
    [InlineData(487, "cancel")]
    [InlineData(603, "rejected")]
    [InlineData(403, "rejected")]
    [InlineData(401, "rejected")]
    [InlineData(407, "rejected")]
    [InlineData(302, "rejected")]
    [InlineData(488, "rejected")]
    [InlineData(404, "error")]
    [InlineData(484, "error")]
    [InlineData(500, "error")]
    [InlineData(503, "error")]
    public void Of_FinalAnswer_IsTheCauseOfTheTable(int status, string cause) => Assert.Equal(cause, CallCause.Of(status));

    [Theory]
    [InlineData("hangup", 603)]
    [InlineData("rejected", 603)]
    [InlineData("callback-error", 480)]
    [InlineData("invalid-bxml", 480)]
    [InlineData("node-capacity-exceeded", 503)]
    public void StatusOf_EndBeforeAnswer_IsTheStatusOfTheTable(string cause, int status) => Assert.Equal(status, CallCause.StatusOf(cause));
}
