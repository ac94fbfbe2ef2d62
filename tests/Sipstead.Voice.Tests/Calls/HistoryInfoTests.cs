using CsCheck;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Where a call has been, as it is told to the next (RFC 7044; conformance.md HIST-01).</summary>
public sealed class HistoryInfoTests
{
    [Fact]
    public void HIST_01_FirstRetarget_NotesTheTargetThatIsLeft_AndTheNewOne() => Assert.Equal(
        ["<sip:100@office.example>;index=1", "<sip:bob@office.example>;index=1.1;mp=1", "<sip:bob@192.0.2.9>;index=1.1.1;rc=1.1"],
        HistoryInfo.None.Retargeted("sip:100@office.example", "sip:bob@office.example", "mp")
            .Retargeted("sip:bob@office.example", "sip:bob@192.0.2.9", "rc").Values(isHidden: false));

    [Fact]
    public void HIST_01_WhatTheCallBrought_StaysInOrder_AndTheNewOneCountsOn() => Assert.Equal(
        ["\"A, B\" <sip:a@x>;index=1", "<sip:b@x>;index=1.2;np=1", "<sip:c@y>;index=1.2.1;mp=1.2"],
        HistoryInfo.Read(["\"A, B\" <sip:a@x>;index=1", "<sip:b@x> ;np=1; index=1.2 ;x=y"]).Retargeted("sip:b@x", "sip:c@y", "mp").Values(isHidden: false));

    [Theory]
    [InlineData("sip:b@x", "<sip:b@x?Reason=SIP%3Bcause%3D486>;index=1")]
    [InlineData("sip:b@x?Privacy=none", "<sip:b@x?Privacy=none&Reason=SIP%3Bcause%3D486>;index=1")]
    public void HIST_01_CauseForWhichATargetIsLeft_StandsInItsUri(string left, string noted) =>
        Assert.Equal(noted, HistoryInfo.None.Retargeted(left, "sip:c@y", "mp", cause: 486).Values(isHidden: false).First());

    [Fact]
    public void HIST_01_Privacy_HidesAll_OrTheTargetsThatAskForIt()
    {
        var history = HistoryInfo.Read(["<sip:a@x?privacy=history>;index=1", "<sip:b@x?Privacy=none>;index=1.1;rc=1"]);
        Assert.Equal(["<sip:anonymous@anonymous.invalid>;index=1", "<sip:b@x?Privacy=none>;index=1.1;rc=1"], history.Values(isHidden: false));
        Assert.Equal(["<sip:anonymous@anonymous.invalid>;index=1", "<sip:anonymous@anonymous.invalid>;index=1.1;rc=1"], history.Values(isHidden: true));
    }

    [Theory]
    [InlineData("<sip:a@x>")]
    [InlineData("<sip:a@x>;index=")]
    [InlineData("<sip:a@x>;index=1..2")]
    [InlineData("<sip:a@x>;index=1.x")]
    [InlineData("<sip:a@x;index=1")]
    [InlineData("sip:a@x;index=1")]
    [InlineData("")]
    public void HIST_01_EntriesThatCannotBeRead_AreLeftOut(string value) => Assert.Empty(HistoryInfo.Read([value]).Values(isHidden: false));

    [Fact]
    public void HIST_01_Entries_AreBounded_TheOldestGo()
    {
        var history = HistoryInfo.None;
        for (var i = 0; i < 100; i++) history = history.Retargeted($"sip:{i}@x", $"sip:{i + 1}@x", "mp");
        var values = history.Values(isHidden: false).ToList();
        Assert.Equal(HistoryInfo.MaximumEntries, values.Count);
        Assert.StartsWith("<sip:100@x>;index=1.1", values[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void HIST_01_AnyText_IsReadWithoutFailure_AndHiddenHistoryTellsNothingOfIt() =>
        Gen.OneOf(Gen.String, Gen.String["<>;=,.:@?\"\\ 1aindexrcmpP\r\n"].Select(text => $"<sip:a{text}@x>;index=1;{text}")).Sample(text =>
        {
            var values = HistoryInfo.Read([text, "<sip:b@x>;index=1.1;rc=1"]).Retargeted("sip:b@x", "sip:c@y", "mp").Values(isHidden: true).ToList();
            Assert.All(values, value => Assert.StartsWith("<sip:anonymous@anonymous.invalid>;index=1", value, StringComparison.Ordinal));
            Assert.All(values, value => Assert.True(value.All(c => char.IsAsciiLetterOrDigit(c) || "<>:@.;=".Contains(c, StringComparison.Ordinal)), value));
            Assert.EndsWith(";index=1.1.1;mp=1.1", values[^1], StringComparison.Ordinal);
        });
}
