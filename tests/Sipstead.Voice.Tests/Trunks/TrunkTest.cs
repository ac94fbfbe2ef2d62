using System.Net;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Trunks;

/// <summary>A test with trunks whose far ends are scripted.</summary>
public abstract class TrunkTest : VoiceTest
{
    internal const string Number = "+12025550123";
    internal const string UserName = "acme";
    internal const string Password = "carrier horse battery";

    private protected override VoiceOptions Options => new() { AllowedNetworks = ["127.0.0.0/8"] };

    internal static TrunkEntry Entry(
        long id, long account, string host, int? port, string? name = null, int priority = 100, string[]? outbound = null, string[]? callerIds = null,
        string[]? sources = null, (string Pattern, Guid? Application, long? Location)[]? routes = null, TrunkTransport? transport = null,
        bool isEnabled = true, bool hasLogin = false) => new()
        {
            Id = id, AccountId = account, Name = name ?? $"carrier {id}", Host = host, Port = port, Transport = transport, Priority = priority,
            IsEnabled = isEnabled, Credentials = hasLogin ? new CallbackCredentials(UserName, Password) : null,
            Outbound = [.. (outbound ?? ["*"]).Select(Pattern)], CallerIds = [.. (callerIds ?? [VoiceHarness.From]).Select(Pattern)],
            Sources = [.. (sources ?? []).Select(IPNetwork.Parse)],
            Routes = [.. (routes ?? []).Select(route => new TrunkEntryRoute(Pattern(route.Pattern), route.Application, route.Location))],
        };

    /// <summary>Makes a trunk that leads to a far end over UDP.</summary>
    internal TrunkEntry SetTrunk(
        ScriptedPhone carrier, long id = 7, int priority = 100, long account = VoiceHarness.Account, bool hasLogin = false, string[]? callerIds = null)
    {
        var trunk = Entry(
            id, account, "127.0.0.1", carrier.Flow.Source.Port, priority: priority, transport: TrunkTransport.Udp, hasLogin: hasLogin, callerIds: callerIds);
        Voice.View.SetTrunk(trunk);
        return trunk;
    }

    private static NumberPattern Pattern(string text) => NumberPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text);

    /// <summary>Health as a test says it.</summary>
    internal sealed class Health(params long[] down) : ITrunkHealth
    {
        public event Action<long>? Checked
        {
            add { }
            remove { }
        }

        public TrunkHealth? Of(long trunkId) => down.Contains(trunkId) ? new TrunkHealth(TrunkState.Down, DateTimeOffset.UnixEpoch) : null;
    }
}
