using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>Documents are checked without a call.</summary>
public sealed class BxmlValidatorTests
{
    [Theory]
    [InlineData("<Response/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Bxml><Redirect redirectUrl=\"relative\"/></Bxml>")]
    public void Valid_HasNoErrors(string text) => Assert.Empty(BxmlValidator.Validate(text));

    [Fact]
    public void Invalid_TellsPlaceVerbAndAttribute()
    {
        var error = Assert.Single(BxmlValidator.Validate("<Response>\n  <Pause duration=\"long\"/></Response>"));
        Assert.Equal((2, 10, "Pause", "duration"), (error.Line, error.Column, error.Verb, error.Attribute));
        Assert.StartsWith("Line 2, column 10: Pause's duration is \"long\"; give ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no XML")]
    [InlineData("<Response>\ud800</Response>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-16\"?><Response/>")]
    public void WhatIsNoDocument_IsAnErrorToo(string text) => Assert.NotEmpty(Assert.Single(BxmlValidator.Validate(text)).Message);

    [Fact]
    public void TooLong_IsAnError() =>
        Assert.Contains("at most 65536", Assert.Single(BxmlValidator.Validate($"<Response><!--{new string('x', BxmlReader.MaximumOctets)}--></Response>")).Message,
            StringComparison.Ordinal);
}
