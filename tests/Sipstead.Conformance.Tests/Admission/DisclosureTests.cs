using System.Reflection;
using Sipstead.Conformance.Tests.Transport;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Admission;

/// <summary>What answers tell of the server (S-20, S-63): nothing of its name, version, machine or inner addresses.</summary>
public sealed class DisclosureTests
{
    [Fact]
    public async Task S_63_NoAnswer_NamesProgramMachineOrInnerAddresses()
    {
        using var harness = new RegistrarHarness();
        var realm = harness.AddRealm();
        harness.AddCredential(realm, "alice", "secret");
        await using var server = new RunningTransport(receiver: _ => harness.Receivers.Create());
        var secrets = Secrets(server);
        foreach (var request in Requests(realm))
        {
            using var peer = new UdpPeer("127.0.0.66");
            peer.Send(request, server.EndPoint);
            var answer = await peer.AnswerAsync();
            var own = WordsOf(answer.Text).Except(WordsOf(request.ToString())).Where(word => !IsRandom(word));
            Assert.All(own, word => Assert.DoesNotContain(secrets, secret => word.Contains(secret, StringComparison.OrdinalIgnoreCase)));
            Assert.Empty(answer.All("Server"));
            Assert.Empty(answer.All("User-Agent"));
            Assert.Empty(answer.All("Warning"));
        }
    }

    [Fact]
    public async Task S_63_AChallenge_IsNoLongerThanItMustBe()
    {
        using var harness = new RegistrarHarness();
        var realm = harness.AddRealm();
        await using var server = new RunningTransport(receiver: _ => harness.Receivers.Create());
        using var peer = new UdpPeer();
        peer.Send(new RequestText { Method = "REGISTER", Uri = $"sip:{realm}" }, server.EndPoint);
        var answer = await peer.AnswerAsync();
        Assert.Equal("SIP/2.0 401 Unauthorized", answer.StatusLine);
        var names = answer.Text.Split("\r\n").Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split(':')[0]);
        Assert.Equal(["Via", "From", "To", "Call-ID", "CSeq", "WWW-Authenticate", "Content-Length"], names);
    }

    /// <summary>S-20 and ruling 6: a scanner that does not know a domain of ours learns the same of every user.</summary>
    [Fact]
    public async Task S_20_WithoutADomainOfOurs_EveryUserIsNotFound()
    {
        using var harness = new RegistrarHarness();
        harness.AddCredential(harness.AddRealm(), "100", "secret");
        await using var server = new RunningTransport(receiver: _ => harness.Receivers.Create());
        using var peer = new UdpPeer();
        foreach (var method in new[] { "REGISTER", "INVITE", "OPTIONS" })
        {
            foreach (var user in new[] { "100", "101" })
            {
                peer.Send(new RequestText { Method = method, Uri = $"sip:{user}@198.51.100.1" }, server.EndPoint);
                Assert.Equal("SIP/2.0 404 Not Found", (await peer.AnswerAsync()).StatusLine);
            }
        }

        Assert.Equal(0, harness.Locations.Count);
    }

    /// <summary>What nobody outside needs to know. Of the machine only names that are no part of other words.</summary>
    private static string[] Secrets(RunningTransport server)
    {
        var version = typeof(Sip.Transport.SipTransportLayer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        string[] secrets = ["Sipstead", "dotnet", "Linux", "/" + version.Split('+')[0], "127.0.0.1", $"{server.Port}"];
        return Environment.MachineName.Length < 5 ? secrets : [.. secrets, Environment.MachineName];
    }

    private static string[] WordsOf(string message) => message.Split([' ', ',', ';', '<', '>', '"', ':', '=', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Nonces and tags may hold any word; ports of the peer are its own.</summary>
    private static bool IsRandom(string word) => word.Length > 10 && !word.Contains('.', StringComparison.Ordinal);

    private static IEnumerable<RequestText> Requests(string realm)
    {
        foreach (var method in new[] { "REGISTER", "INVITE", "OPTIONS", "BYE", "CANCEL", "SUBSCRIBE", "MESSAGE", "JUMP" })
        {
            yield return new RequestText { Method = method, Uri = $"sip:alice@{realm}" };
            yield return new RequestText { Method = method, Uri = "sip:alice@elsewhere.example" };
            yield return new RequestText { Method = method, Uri = $"sip:alice@{realm}", Headers = "Require: thing\r\n" };
            yield return new RequestText { Method = method, Uri = $"sip:alice@{realm}", From = "nonsense" };
        }
    }
}
