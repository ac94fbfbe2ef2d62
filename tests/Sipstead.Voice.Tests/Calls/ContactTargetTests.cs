using Sipstead.Testing;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Contacts that would make us send to somebody else, each registered with good credentials and then called (docs/security.md).</summary>
public sealed class ContactTargetTests : VoiceTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.AddUser("mallory", null);
    }

    [Fact]
    public async Task S_14_EachTarget_IsRefused_OrCalledAtTheSourceOfItsRegister()
    {
        var refused = new List<string>();
        foreach (var target in Targets())
        {
            var mallory = Voice.NewPhone("mallory");
            if (mallory.TryRegister($"Contact: {target}\r\n") != 200)
            {
                refused.Add(target);
                Assert.Empty(Voice.Registrar.Find(Voice.CredentialOf("mallory")));
                continue;
            }

            await CallAndEndAsync(mallory, isCalled: !target.StartsWith("<sips:", StringComparison.Ordinal));
            Assert.Equal(200, mallory.TryRegister("Contact: *\r\nExpires: 0\r\n"));
        }

        string[] never = ["<sip:a@224.0.0.1>", "<sip:a@255.255.255.255>", "<sip:a@0.0.0.0>", "<sip:a@198.51.100.7:0>", "<tel:+15551234>"];
        Assert.Empty(never.Except(refused));
        Assert.Contains($"<sip:a@{Voice.Realm}>", refused);
        Assert.DoesNotContain("<sip:a@10.0.0.1>", refused);
    }

    [Fact]
    public async Task S_14_PathToOthers_IsARouteOnly()
    {
        var mallory = Voice.NewPhone("mallory");
        Assert.Equal(200, mallory.TryRegister("Contact: <sip:a@192.0.2.1>\r\nPath: <sip:169.254.169.254;lr>, <sip:127.0.0.1:25;lr;maddr=10.0.0.1>\r\n"));
        await CallAndEndAsync(mallory, isCalled: true);
    }

    /// <summary>What a called phone answers with leads the requests of the dialog nowhere else either.</summary>
    [Fact]
    public async Task S_14_ContactAndRecordRouteOfAnAnswer_LeadNowhereElse()
    {
        var mallory = Voice.NewPhone("mallory");
        mallory.RegisterContact("<sip:a@192.0.2.1>");
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        var call = Voice.Create(Voice.Wish($"sip:mallory@{Voice.Realm}"));
        var invite = await mallory.ExpectAsync("INVITE");
        Voice.Deliver(
            invite.Answer(
                200, "m1", "Contact: <sip:a@169.254.169.254:80>\r\nRecord-Route: <sip:198.51.100.7:53;lr>\r\nContent-Type: application/sdp\r\n", ScriptedPhone.Sdp()),
            mallory.Flow);

        await mallory.ExpectAsync("ACK");
        Assert.True(await call.CompleteAsync());

        await mallory.ExpectAsync("BYE");
        Assert.Empty(Voice.Flows.Strays);
    }

    [Fact]
    public async Task S_15_CallToAUserAtTheLimit_SendsNoMoreInvitesThanTheLimit()
    {
        var mallory = Voice.NewPhone("mallory");
        for (var i = 0; i < 40; i++) mallory.RegisterContact($"<sip:{i}@192.0.2.1>");
        var call = Voice.Create(Voice.Wish($"sip:mallory@{Voice.Realm}"));
        for (var i = 0; i < 10; i++) mallory.Answer(await mallory.ExpectAsync("INVITE"), 486);

        await VoiceHarness.EndOfAsync(call);

        Assert.Equal(10, mallory.Kinds.Count(kind => kind == "INVITE"));
        Assert.Empty(Voice.Flows.Strays);
    }

    /// <summary>The targets of the shared list, as Contacts.</summary>
    private IEnumerable<string> Targets()
    {
        foreach (var line in File.ReadLines(SharedFiles.Path("vectors", "contact-targets.txt")))
        {
            var uri = line.Split(' ')[0].Replace("OWN-PUBLIC-ADDRESS", "127.0.0.1:5060", StringComparison.Ordinal).Replace("own-domain.example", Voice.Realm, StringComparison.Ordinal);
            if (uri.Length > 0) yield return uri == "*" ? uri : $"<{uri}>";
        }
    }

    private async Task CallAndEndAsync(ScriptedPhone phone, bool isCalled)
    {
        var call = Voice.Create(Voice.Wish($"sip:mallory@{Voice.Realm}"));
        if (isCalled) phone.Answer(await phone.ExpectAsync("INVITE"), 486);
        await VoiceHarness.EndOfAsync(call);
        Assert.Equal(isCalled ? 1 : 0, phone.Kinds.Count(kind => kind == "INVITE"));
        Assert.Empty(Voice.Flows.Strays);
    }
}
