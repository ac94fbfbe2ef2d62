using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Microsoft.Extensions.Logging;

namespace Sipstead.Dns.Resolving;

/// <summary>
/// Asks recursive name servers, those of the machine or of <see cref="DnsOptions.Resolvers"/>, one after the other and each twice, 2 s at a time (RFC 1034
/// 5.3.1). Each question leaves from a port of its own with an id of its own, and what comes back must repeat both and the question (S-68). Names of the
/// hosts file and localhost are answered here.
/// </summary>
public sealed class StubResolver : IDisposable
{
    private const int MaximumAtOnce = 32;
    private const int Tries = 2;
    private const string HostsPath = "/etc/hosts";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long names of the hosts file may be kept: whoever changes it sees the effect soon.</summary>
    private static readonly TimeSpan HostsLife = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turns = new(MaximumAtOnce, MaximumAtOnce);
    private readonly IReadOnlyList<IPEndPoint> _given;
    private readonly HostsFile _hosts;
    private readonly ILogger _logger;

    public StubResolver(DnsOptions options, ILoggerFactory loggers)
        : this(options, loggers, HostsPath)
    {
    }

    internal StubResolver(DnsOptions options, ILoggerFactory loggers, string hostsPath)
    {
        ArgumentNullException.ThrowIfNull(options);
        _given = options.ResolverEndPoints();
        _hosts = new HostsFile(hostsPath);
        _logger = loggers.CreateLogger("Sipstead.Dns.Resolving");
    }

    /// <summary>Asks for the records of a name. Never throws for what the network does.</summary>
    public async Task<ResolverAnswer> AskAsync(string name, ResolverQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (question is ResolverQuestion.Ipv4 or ResolverQuestion.Ipv6 && AnswerHere(ZoneName.Fold(name), question) is { } known) return known;
        if (!DomainName.TryParse(name, out var domain) || domain is null) return ResolverAnswer.Nothing;
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AskServersAsync(domain, TypeOf(question), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static RecordType TypeOf(ResolverQuestion question) => question switch
    {
        ResolverQuestion.Naptr => RecordType.Naptr,
        ResolverQuestion.Srv => RecordType.Srv,
        ResolverQuestion.Ipv4 => RecordType.A,
        _ => RecordType.Aaaa,
    };

    /// <summary>Null for a name that only name servers know.</summary>
    private ResolverAnswer? AnswerHere(string name, ResolverQuestion question)
    {
        var isLocal = name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal); // never asked for (RFC 6761 6.3)
        IReadOnlyList<IPAddress> addresses = isLocal ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : _hosts.AddressesOf(name);
        if (addresses.Count == 0) return null;
        var isIpv6 = question == ResolverQuestion.Ipv6;
        return new ResolverAnswer(
            [.. addresses.Where(address => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 == isIpv6).Select(address => new ResolvedRecord.Address(address))],
            HostsLife);
    }

    private async Task<ResolverAnswer> AskServersAsync(DomainName name, RecordType type, CancellationToken cancellationToken)
    {
        var servers = _given.Count > 0 ? _given : [.. NameServers.OfSystem().Select(address => new IPEndPoint(address, NameServers.DnsPort))];
        for (var tries = 0; tries < Tries; tries++)
        {
            foreach (var server in servers)
            {
                if (await AskAsync(server, name, type, cancellationToken).ConfigureAwait(false) is { IsFailed: false } answer) return answer;
            }
        }

        return ResolverAnswer.Failed;
    }

    private async Task<ResolverAnswer> AskAsync(IPEndPoint server, DomainName name, RecordType type, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new DnsClient(
                [server.Address], [new UdpClientTransport(server.Port), new TcpClientTransport(server.Port)], true, (int)Patience.TotalMilliseconds)
            {
                IsResponseValidationEnabled = true,
            };
            var message = await client.ResolveAsync(name, type, token: cancellationToken).WaitAsync(2 * Patience, cancellationToken).ConfigureAwait(false);
            return message is null ? ResolverAnswer.Failed : AnswerReader.Read(message, name, type);
        }
#pragma warning disable CA1031 // whatever the library makes of octets of the network, it is a server that did not answer
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            DnsLog.LookupFailed(_logger, name.ToString(), server, e);
            return ResolverAnswer.Failed;
        }
    }
}
