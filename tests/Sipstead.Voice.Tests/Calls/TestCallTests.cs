using System.Text;
using Sipstead.Testing;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>A document is tried on a device, without an application.</summary>
public sealed class TestCallTests : VoiceTest
{
    private const string Speaking = "<Response>\n  <SpeakSentence>Hello</SpeakSentence>\n  <Hangup/>\n</Response>";

    private ScriptedPhone _alice = null!;

    private string Alice => $"sip:alice@{Voice.Realm}";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.Media.Start();
        _alice = Voice.AddPhone();
    }

    [Fact]
    public async Task Call_SpeaksAndHangsUp_AndNobodyIsAsked()
    {
        var id = await EstablishAsync(new() { AccountId = VoiceHarness.Account, To = Alice, Bxml = Speaking });

        await _alice.ExpectAsync("BYE");

        var call = await EndOfAsync(id);
        Assert.Equal(("hangup", "", TestCall.DefaultFrom), (call.State.DisconnectCause, call.State.ApplicationId, call.State.From));
        var run = Assert.Single(call.Documents);
        Assert.Equal((BxmlOrigin.TestCall, null, Speaking), (run.Source.Origin, run.Source.Url, run.Text));
        Assert.Equal([("SpeakSentence", 2, VerbEnd.Done), ("Hangup", 3, VerbEnd.EndedCall)], run.Verbs.Select(verb => (verb.Name, verb.Line, verb.End)));
        Assert.True(call.Media!.PacketsSent >= 40, $"{call.Media}"); // the second that was spoken
        Assert.Empty(Voice.Catcher.Requests);
        Assert.Empty(call.Exchanges);
    }

    [Fact]
    public async Task ApplicationChosen_HearsOfTheEndOnly()
    {
        var id = await EstablishAsync(
            new() { AccountId = VoiceHarness.Account, ApplicationId = Voice.Application.Id, To = Alice, Bxml = "<Response><Hangup/></Response>" });

        var disconnect = await Voice.ExpectAsync("disconnect");

        Assert.Equal(("/status", id, $"{Voice.Application.Id}"), (disconnect.Path, disconnect.CallId, disconnect["applicationId"]));
        Assert.Single(Voice.Catcher.Requests);
    }

    [Fact]
    public async Task AbsoluteUrls_OfVerbs_AreAsked()
    {
        Voice.Catcher.AnswerBxml("/next", "<Response><Redirect redirectUrl=\"last\"/></Response>");
        Voice.Catcher.AnswerBxml("/last", "<Response/>");
        var id = await EstablishAsync(
            new() { AccountId = VoiceHarness.Account, To = Alice, Bxml = $"<Response><Redirect redirectUrl=\"{Voice.Catcher.Url("/next")}\"/></Response>" });

        var call = await EndOfAsync(id);

        Assert.Equal("hangup", call.State.DisconnectCause);
        Assert.Equal(["/next", "/last"], Voice.Catcher.Requests.Select(request => request.Path)); // from there on relative URLs have a base
        Assert.Equal([BxmlOrigin.TestCall, BxmlOrigin.Webhook, BxmlOrigin.Webhook], call.Documents.Select(run => run.Source.Origin));
    }

    [Theory]
    [InlineData("<Response>\n<Pause duration=\"x\"/></Response>", 2, "Pause", "duration")]
    [InlineData("<Response><Redirect redirectUrl=\"relative\"/></Response>", 1, "Redirect", "redirectUrl")]
    [InlineData("no XML", 1, null, null)]
    public void InvalidDocument_IsNoCall(string bxml, int line, string? verb, string? attribute)
    {
        var result = Try(new() { AccountId = VoiceHarness.Account, To = Alice, Bxml = bxml });

        var error = Assert.Single(result.Errors);
        Assert.Equal((line, verb, attribute), (error.Line, error.Verb, error.Attribute));
        Assert.Equal((null, null), (result.CallId, result.Refusal));
        Assert.Equal(0, Voice.Registry.Count);
    }

    [Theory]
    [InlineData("+12025550111", TestCall.DefaultFrom, "Give the SIP URI of a device, such as sip:user@realm.")]
    [InlineData("sip:realm-alone", TestCall.DefaultFrom, "Give the SIP URI of a device, such as sip:user@realm.")]
    [InlineData("sip:alice@a.example?Replaces=x", TestCall.DefaultFrom, "Give the SIP URI of a device, such as sip:user@realm.")]
    [InlineData("sip:alice@a.example", "alice>\r\nEvil: x", "Give the caller as an E.164 number, such as +12025550100.")]
    public void WishThatCannotBe_IsRefusedInWords(string to, string from, string words)
    {
        var result = Try(new() { AccountId = VoiceHarness.Account, To = to, From = from, Bxml = Speaking });
        Assert.Equal((null, words), (result.CallId, result.Refusal));
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void ApplicationOfAnotherAccount_IsUnknown()
    {
        var other = Voice.AddApplication(VoiceHarness.OtherAccount);
        Assert.Equal(
            "The application does not exist any more; choose another one.",
            Try(new() { AccountId = VoiceHarness.Account, ApplicationId = other.Id, To = Alice, Bxml = Speaking }).Refusal);
    }

    [Fact]
    public async Task DeviceOfAnotherAccount_IsNotRung()
    {
        var result = Try(new() { AccountId = VoiceHarness.OtherAccount, To = Alice, Bxml = Speaking });

        var ended = await Poll.ForAsync("the end", () => Task.FromResult(
            Voice.Directory.Find(VoiceHarness.OtherAccount, result.CallId!) is { State.Phase: CallPhase.Disconnected } call ? call : null), Cancel);
        Assert.Equal(("rejected", $"{Voice.Realm} is no realm of this account"), (ended.State.DisconnectCause, ended.State.ErrorMessage));
        Assert.DoesNotContain("INVITE", _alice.Kinds);
    }

    [Fact]
    public async Task ServerThatStops_Refuses()
    {
        await Voice.Service.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        Assert.StartsWith("The server has as many calls as it may", Try(new() { AccountId = VoiceHarness.Account, To = Alice, Bxml = Speaking }).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressOf_CallsTheDevicesOfACredential()
    {
        const string user = "b/\u00fc";
        Voice.AddUser(user, null);
        var address = Voice.Directory.AddressOf(VoiceHarness.Account, CredentialOf(user));
        Assert.Equal($"sip:b%2F%C3%BC@{Voice.Realm}", address);

        var call = await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish(address)));

        Assert.Equal($"No device of {address} is registered", call.ErrorMessage); // so the user was found
    }

    [Fact]
    public void AddressOf_WhatTheAccountHasNot_IsNull()
    {
        Assert.Null(Voice.Directory.AddressOf(VoiceHarness.OtherAccount, CredentialOf("alice")));
        Assert.Null(Voice.Directory.AddressOf(VoiceHarness.Account, CredentialOf("alice") + 1));
        Assert.Equal(Alice, Voice.Directory.AddressOf(VoiceHarness.Account, CredentialOf("alice")));
    }

    private long CredentialOf(string user)
    {
        Voice.View.Realms.TryFind(Encoding.ASCII.GetBytes(Voice.Realm), out var realm);
        Assert.True(Voice.View.Credentials.TryFind(realm!.Id, Encoding.UTF8.GetBytes(user), out var credential));
        return credential.Id;
    }

    private TestCallResult Try(TestCall wish) => Voice.Directory.TryCallDevice(wish);

    private async Task<string> EstablishAsync(TestCall wish)
    {
        var result = Try(wish);
        Assert.Equal((null, 0), (result.Refusal, result.Errors.Count));
        await _alice.AcceptAsync(await _alice.ExpectAsync("INVITE"));
        return result.CallId!;
    }

    private Task<CallDetails> EndOfAsync(string id) => Poll.ForAsync("the end", () => Task.FromResult(
        Voice.Directory.Find(VoiceHarness.Account, id) is { State.Phase: CallPhase.Disconnected } call ? call : null), Cancel);
}
