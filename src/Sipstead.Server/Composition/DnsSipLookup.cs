using Sipstead.Dns.Resolving;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Transport;

namespace Sipstead.Server.Composition;

/// <summary>Lets SIP look hosts up with our resolver.</summary>
internal sealed class DnsSipLookup(StubResolver resolver) : ISipLookup
{
    public ValueTask<LookupAnswer<NaptrEntry>> FindNaptrAsync(string name, CancellationToken cancellationToken) => FindAsync(
        name, ResolverQuestion.Naptr, record => record is ResolvedRecord.Naptr naptr
            ? new NaptrEntry(naptr.Order, naptr.Preference, naptr.Flags, naptr.Services, naptr.Regexp, naptr.Replacement)
            : null, cancellationToken);

    public ValueTask<LookupAnswer<SrvEntry>> FindSrvAsync(string name, CancellationToken cancellationToken) => FindAsync(
        name, ResolverQuestion.Srv, record => record is ResolvedRecord.Srv srv ? new SrvEntry(srv.Priority, srv.Weight, srv.Port, srv.Target) : null, cancellationToken);

    public async ValueTask<LookupAnswer<TransportAddress>> FindAddressesAsync(string name, bool isIpv6, CancellationToken cancellationToken)
    {
        var answer = await resolver.AskAsync(name, isIpv6 ? ResolverQuestion.Ipv6 : ResolverQuestion.Ipv4, cancellationToken);
        return new LookupAnswer<TransportAddress>(
            [.. answer.Records.OfType<ResolvedRecord.Address>().Select(record => new TransportAddress(new(record.Value, 0)))],
            answer.TimeToLive, answer.Alias, answer.IsFailed);
    }

    private async ValueTask<LookupAnswer<T>> FindAsync<T>(
        string name, ResolverQuestion question, Func<ResolvedRecord, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await resolver.AskAsync(name, question, cancellationToken);
        return new LookupAnswer<T>([.. answer.Records.Select(read).OfType<T>()], answer.TimeToLive, answer.Alias, answer.IsFailed);
    }
}
