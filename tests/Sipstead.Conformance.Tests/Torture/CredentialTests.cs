using System.Text;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>TORT with credentials: what the table expects where nothing is asked of the sender, which here is the sender who proved who it is.</summary>
public sealed class CredentialTests(TortureServer server) : IClassFixture<TortureServer>
{
    [Fact]
    public async Task TORT_04_Escnull_TwoBindings_OfAUserWithNul()
    {
        const string user = "null-\0-null";
        server.Unbind(user);
        var answer = await AnswerAsync("escnull", user);
        Assert.Equal(200, answer.Status);
        Assert.Equal(["<sip:%00@host5.example.com>", "<sip:%00%00@host5.example.com>"], Uris(answer));
        Assert.Equal(["sip:%00@host5.example.com", "sip:%00%00@host5.example.com"], server.BindingsOf(user));
    }

    [Fact]
    public async Task TORT_08_Dblreq_OnlyTheRegisterIsAnswered()
    {
        server.Unbind("j.user");
        var answer = await AnswerAsync("dblreq", "j.user");
        Assert.Equal(200, answer.Status);
        Assert.Equal("8 REGISTER", answer.One("CSeq"));
        Assert.Equal(["sip:j.user@host.example.com"], server.BindingsOf("j.user"));
    }

    [Fact]
    public async Task TORT_26_Regbadct_IsRefused_AndBindsNothing()
    {
        server.Unbind("user");
        Assert.Equal(400, (await AnswerAsync("regbadct", "user")).Status);
        Assert.Empty(server.BindingsOf("user"));
    }

    [Fact]
    public async Task TORT_40_Regaut01_WithCredentialsOfAKnownSchemeToo_IsTaken()
    {
        server.Unbind("j.user");
        Assert.Equal(200, (await AnswerAsync("regaut01", "j.user")).Status);
    }

    [Fact]
    public async Task TORT_45_46_Cparam_ParameterStaysWhereItStood_AndTheBindingIsOne()
    {
        server.Unbind("watson");
        var outside = await AnswerAsync("cparam01", "watson");
        Assert.StartsWith("<sip:+19725552222@gw1.example.net>;unknownparam;expires=", Assert.Single(outside.Contacts), StringComparison.Ordinal);
        var inside = await AnswerAsync("cparam02", "watson");
        Assert.StartsWith("<sip:+19725552222@gw1.example.net;unknownparam>;expires=", Assert.Single(inside.Contacts), StringComparison.Ordinal);
    }

    /// <summary>As it is, its Contact is an address-of-record of ours, which ruling 9 refuses; for a host elsewhere the header part is kept.</summary>
    [Fact]
    public async Task TORT_47_Regescrt_TheHeaderPartIsKeptInTheUri()
    {
        server.Unbind("user");
        Assert.Equal(403, (await AnswerAsync("regescrt", "user")).Status);
        var elsewhere = Encoding.Latin1.GetString(TortureMessages.Read("regescrt")).Replace("user@example.com?", "user@host5.example.com?", StringComparison.Ordinal);
        var answer = await AnswerAsync(Encoding.Latin1.GetBytes(elsewhere), "user");
        Assert.Equal(200, answer.Status);
        Assert.Equal(["<sip:user@host5.example.com?Route=%3Csip:sip.example.com%3E>"], Uris(answer));
        Assert.Empty(answer.All("Route"));
    }

    /// <summary>480: nobody takes calls here. It is what a call comes to when it is well-formed and its sender is known.</summary>
    [Theory]
    [InlineData("longreq")]
    [InlineData("baddate")]
    [InlineData("inv2543")]
    public async Task TORT_49_WellFormedInvite_IsHandledAsACall(string name) => Assert.Equal(480, (await AnswerAsync(name, "caller")).Status);

    private Task<SipResponseText> AnswerAsync(string name, string user) => AnswerAsync(TortureMessages.Read(name), user);

    private async Task<SipResponseText> AnswerAsync(byte[] message, string user) =>
        (await server.AnswersOverUdpAsync(await server.WithCredentials(message, user))).Single();

    private static IEnumerable<string> Uris(SipResponseText answer) => answer.Contacts.Select(contact => contact[..(contact.IndexOf('>', StringComparison.Ordinal) + 1)]);
}
