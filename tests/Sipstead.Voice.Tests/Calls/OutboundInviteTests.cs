using Sipstead.Testing.Sip;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>What a device sees of a call that the API makes (docs/calls.md, From and to).</summary>
public sealed class OutboundInviteTests : VoiceTest
{
    [Fact]
    public async Task Invite_ShowsTheNumberAtTheRealm()
    {
        var (invite, alice) = await InviteOfAsync(Voice.Wish());

        Assert.Equal($"sip:alice@{alice.Address}", invite.Uri);
        Assert.StartsWith($"<sip:+12025550100@{Voice.Realm}>;tag=", invite.One("From"), StringComparison.Ordinal);
        Assert.Equal($"<sip:alice@{Voice.Realm}>", invite.One("To"));
        Assert.Equal($"<sip:+12025550100@{Voice.Realm}>", invite.One("P-Asserted-Identity"));
        Assert.False(invite.Has("Privacy"));
        Assert.False(invite.Has("User-To-User"));
        Assert.Contains("m=audio ", invite.Body, StringComparison.Ordinal);
        Assert.Contains("c=IN IP4 127.0.0.1", invite.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Front Desk", "\"Front Desk\"")]
    [InlineData("The \"Desk\" \\ 2", "\"The \\\"Desk\\\" \\\\ 2\"")]
    [InlineData("Zoë Grünwald ☎", "\"Zoë Grünwald ☎\"")]
    [InlineData("<sip:evil@example.net>, x", "\"<sip:evil@example.net>, x\"")]
    public async Task Invite_DisplayName_IsQuotedInFromAndIdentity(string name, string quoted)
    {
        var (invite, _) = await InviteOfAsync(Voice.Wish() with { DisplayName = name });

        Assert.StartsWith($"{quoted} <sip:+12025550100@{Voice.Realm}>;tag=", invite.One("From"), StringComparison.Ordinal);
        Assert.Equal($"{quoted} <sip:+12025550100@{Voice.Realm}>", invite.One("P-Asserted-Identity"));
    }

    [Theory]
    [InlineData(null, "Anonymous")]
    [InlineData("Restricted", "Restricted")]
    public async Task Invite_WithPrivacy_TellsNobodyWhoCalls(string? name, string shown)
    {
        var (invite, _) = await InviteOfAsync(Voice.Wish() with { Privacy = true, DisplayName = name });

        Assert.StartsWith($"\"{shown}\" <sip:anonymous@anonymous.invalid>;tag=", invite.One("From"), StringComparison.Ordinal);
        Assert.Equal("id", invite.One("Privacy"));
        Assert.DoesNotContain("12025550100", invite.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invite_UserToUser_IsOneHeaderForEachValue()
    {
        var (invite, _) = await InviteOfAsync(Voice.Wish() with { UserToUser = ["aGk=;encoding=base64", "00ff;encoding=hex"] });
        Assert.Equal(["aGk=;encoding=base64", "00ff;encoding=hex"], invite.All("User-To-User"));
    }

    [Theory]
    [InlineData("sip:{0}@{1}")]
    [InlineData("sip:+{0}@{1}")]
    [InlineData("sip:{0}@{1}:5060")]
    [InlineData("SIP:{0}@{1};transport=udp")]
    [InlineData("sip:%61lice@{1}")]
    public async Task To_IsLookedUpLiterallyThenWithoutThePlus(string to)
    {
        var (_, alice) = await InviteOfAsync(Voice.Wish(string.Format(System.Globalization.CultureInfo.InvariantCulture, to, "alice", Voice.Realm)));
        Assert.Single(alice.Kinds, "INVITE");
    }

    [Fact]
    public async Task URI_04_HeadersOfAContact_AreNotObeyed()
    {
        Voice.AddUser("bob", null);
        var bob = Voice.NewPhone("bob");
        bob.RegisterContact($"<sip:bob@{bob.Address};x=1?Subject=hi&Route=%3Csip:evil%3E>");
        Voice.Create(Voice.Wish($"sip:bob@{Voice.Realm}"));

        var invite = await bob.ExpectAsync("INVITE");

        Assert.Equal($"sip:bob@{bob.Address};x=1", invite.Uri);
        Assert.False(invite.Has("Subject"));
        Assert.False(invite.Has("Route"));
    }

    [Fact]
    public async Task HIST_01_CallToADevice_TellsTheUserThatItIsMadeTo_AndTheDevicesAddress()
    {
        var (invite, alice) = await InviteOfAsync(Voice.Wish());
        Assert.Equal([$"<sip:alice@{Voice.Realm}>;index=1", $"<sip:alice@{alice.Address}>;index=1.1;rc=1"], invite.All("History-Info"));
        Assert.Equal("70", invite.One("Max-Forwards"));
    }

    [Theory]
    [InlineData("sip:a@192.0.2.1;method=REGISTER;x", "sip:a@192.0.2.1;x")]
    [InlineData("sip:a@192.0.2.1;%6dethod=BYE;line=%41?Route=%3Csip:evil%3E", "sip:a@192.0.2.1;line=%41")]
    [InlineData("sip:a@192.0.2.1", "sip:a@192.0.2.1")]
    [InlineData("sips:a:pw@[2001:db8::1]:5071;ob;transport=tls", "sips:a:pw@[2001:db8::1]:5071;ob;transport=tls")]
    public void PRX_05_RequestUri_IsTheContact_WithoutMethodAndHeaders(string contact, string uri) =>
        Assert.Equal(uri, OutboundInvites.RequestUriOf(contact));

    private async Task<(MessageText Invite, ScriptedPhone Alice)> InviteOfAsync(NewCall wish)
    {
        var alice = Voice.AddPhone();
        Voice.Create(wish);
        return (await alice.ExpectAsync("INVITE"), alice);
    }
}
