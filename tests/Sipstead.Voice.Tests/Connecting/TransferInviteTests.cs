using Sipstead.Testing.Sip;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>What the INVITE to a target says: who calls, and where the call has been (bxml.md 7.1, RFC 5806).</summary>
public sealed class TransferInviteTests : ConnectingTest
{
    private const string Diverted = "Diversion: <sip:+12025550122@example.net>;reason=user-busy\r\n";

    [Theory]
    [InlineData("", false, "<{0}>", "<{0}>")]
    [InlineData("transferCallerId=\"+12025550199\" transferCallerDisplayName=\"The Office\"", false, "\"The Office\" <sip:+12025550199@{1}>", "\"The Office\" <sip:+12025550199@{1}>")]
    [InlineData("transferCallerId=\"restricted\"", true, "\"Restricted\" <sip:anonymous@anonymous.invalid>", null)]
    [InlineData("transferCallerId=\"Private\" transferCallerDisplayName=\"Nobody\"", true, "\"Nobody\" <sip:anonymous@anonymous.invalid>", null)]
    public async Task Caller_IsShownAsAskedFor(string attributes, bool isPrivate, string from, string? asserted)
    {
        var invite = await InviteAsync(attributes);

        Assert.StartsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, from, AliceUri, Voice.Realm) + ";tag=", invite.One("From"), StringComparison.Ordinal);
        Assert.Equal(isPrivate, invite.Has("Privacy"));
        Assert.Equal(
            asserted is null ? [] : [string.Format(System.Globalization.CultureInfo.InvariantCulture, asserted, AliceUri, Voice.Realm)], invite.All("P-Asserted-Identity"));
        Assert.Equal("69", invite.One("Max-Forwards"));
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("diversionTreatment=\"none\" diversionReason=\"away\"", new string[0])]
    [InlineData("diversionTreatment=\"propagate\"", new[] { "<sip:+12025550122@example.net>;reason=user-busy" })]
    [InlineData("diversionTreatment=\"stack\"", new[] { "<sip:+12025550111@{0}>;reason=unknown", "<sip:+12025550122@example.net>;reason=user-busy" })]
    [InlineData("diversionTreatment=\"stack\" diversionReason=\"time-of-day\"", new[] { "<sip:+12025550111@{0}>;reason=time-of-day", "<sip:+12025550122@example.net>;reason=user-busy" })]
    public async Task HIST_01_Diversion_IsTreatedAsAskedFor(string attributes, string[] diversions)
    {
        var invite = await InviteAsync(attributes);

        Assert.Equal(diversions.Select(one => string.Format(System.Globalization.CultureInfo.InvariantCulture, one, Voice.Realm)), invite.All("Diversion"));
    }

    [Fact]
    public async Task UserToUser_OfTheTarget_IsSent()
    {
        var invite = await InviteAsync("", "uui=\"aGk=;encoding=base64,00ff;encoding=hex\"");

        Assert.Equal(["aGk=;encoding=base64", "00ff;encoding=hex"], invite.All("User-To-User"));
    }

    private Task<MessageText> InviteAsync(string transfer, string target = "")
    {
        CallWith($"<Transfer {transfer}><SipUri {target}>{BobUri}</SipUri></Transfer>", Diverted);
        return Bob.ExpectAsync("INVITE");
    }
}
