using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Sipstead.Dns.Resolving;

namespace Sipstead.Dns.Inspection;

/// <summary>What a resolver made of a name.</summary>
/// <param name="Records">Its answers; empty when the name has none.</param>
/// <param name="Error">Why there is no answer at all; null when there is.</param>
public sealed record LookupResult(IReadOnlyList<ZoneRecord> Records, string? Error);

/// <summary>Asks the name servers that this machine is set up with, as a device on it would, or others. Each server has 2 s; few questions are on their way at once.</summary>
public sealed class SystemLookup : IDisposable
{
    private const int MaximumAtOnce = 4;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turns = new(MaximumAtOnce, MaximumAtOnce);
    private readonly Func<IReadOnlyList<IPAddress>> _servers;
    private readonly int _port;

    public SystemLookup()
        : this(NameServers.OfSystem, NameServers.DnsPort)
    {
    }

    internal SystemLookup(Func<IReadOnlyList<IPAddress>> servers, int port) => (_servers, _port) = (servers, port);

    /// <summary>The SRV records of SIP over UDP of a realm. Never throws for what the network does.</summary>
    public Task<LookupResult> FindServiceAsync(string realm, CancellationToken cancellationToken) =>
        AskSystemAsync($"_sip._udp.{realm}", RecordType.Srv, cancellationToken);

    /// <summary>Asks the system's name servers. Never throws for what the network does.</summary>
    internal Task<LookupResult> AskSystemAsync(string name, RecordType type, CancellationToken cancellationToken)
    {
        var servers = _servers();
        return servers.Count == 0
            ? Task.FromResult(new LookupResult([], "This machine has no name server set up (see /etc/resolv.conf)."))
            : AskAsync(servers, _port, isTcp: false, name, type, cancellationToken);
    }

    /// <summary>Asks name servers, one after the other, over one transport. Never throws for what the network does.</summary>
    internal async Task<LookupResult> AskAsync(
        IReadOnlyList<IPAddress> servers, int port, bool isTcp, string name, RecordType type, CancellationToken cancellationToken)
    {
        if (ZoneName.Problem(name.TrimEnd('.')) is { } problem) return new LookupResult([], problem);
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IClientTransport transport = isTcp ? new TcpClientTransport(port) : new UdpClientTransport(port);
            using var client = new DnsClient(servers, [transport], true, (int)Timeout.TotalMilliseconds);
            var answer = await client.ResolveAsync(DomainName.Parse(name), type, token: cancellationToken)
                .WaitAsync(Timeout * servers.Count, cancellationToken).ConfigureAwait(false);
            return Read(answer, type, servers);
        }
#pragma warning disable CA1031 // whatever the library makes of the network, it is a server that did not answer
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return NoAnswer(servers);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static LookupResult Read(DnsMessage? answer, RecordType type, IReadOnlyList<IPAddress> servers) => answer switch
    {
        null => NoAnswer(servers),
        { ReturnCode: ReturnCode.NoError or ReturnCode.NxDomain } => new LookupResult(
            [.. answer.AnswerRecords.Where(record => record.RecordType == type).Select(ZoneRecord.From).OfType<ZoneRecord>()], null),
        _ => new LookupResult([], $"The name server answers {answer.ReturnCode}."),
    };

    private static LookupResult NoAnswer(IReadOnlyList<IPAddress> servers) =>
        new([], $"No answer from {string.Join(", ", servers)} within {Timeout.TotalSeconds} s.");
}
