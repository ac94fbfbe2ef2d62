using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Sipstead.Dns.Resolving;

namespace Sipstead.Dns.Inspection;

/// <summary>What a resolver made of a name.</summary>
/// <param name="Records">Its answers; empty when the name has none.</param>
/// <param name="Error">Why there is no answer at all; null when there is.</param>
public sealed record LookupResult(IReadOnlyList<ZoneRecord> Records, string? Error);

/// <summary>Asks the name servers that this machine is set up with, as a device on it would. Each question ends within 2 s; few are on their way at once.</summary>
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
    public async Task<LookupResult> FindServiceAsync(string realm, CancellationToken cancellationToken)
    {
        if (ZoneName.Problem(realm) is { } problem) return new LookupResult([], problem);
        var servers = _servers();
        if (servers.Count == 0) return new LookupResult([], "This machine has no name server set up (see /etc/resolv.conf).");
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var client = new DnsClient(servers, [new UdpClientTransport(_port)], true, (int)Timeout.TotalMilliseconds);
            var answer = await client.ResolveAsync(DomainName.Parse($"_sip._udp.{realm}"), RecordType.Srv, token: cancellationToken)
                .WaitAsync(Timeout * servers.Count, cancellationToken).ConfigureAwait(false);
            return Read(answer, servers);
        }
        catch (TimeoutException)
        {
            return NoAnswer(servers);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static LookupResult Read(DnsMessage? answer, IReadOnlyList<IPAddress> servers) => answer switch
    {
        null => NoAnswer(servers),
        { ReturnCode: ReturnCode.NoError or ReturnCode.NxDomain } => new LookupResult(
            [.. answer.AnswerRecords.Select(ZoneRecord.From).OfType<ZoneRecord>().Where(record => record.Type == "SRV")], null),
        _ => new LookupResult([], $"The name server answers {answer.ReturnCode}."),
    };

    private static LookupResult NoAnswer(IReadOnlyList<IPAddress> servers) =>
        new([], $"No answer from {string.Join(", ", servers)} within {Timeout.TotalSeconds} s.");
}
