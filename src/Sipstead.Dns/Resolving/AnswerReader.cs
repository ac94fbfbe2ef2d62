using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Resolving;

/// <summary>
/// Takes from a message what answers the question and nothing else (S-68): records of the answer section whose owner is the name asked for, or one that its
/// chain of aliases leads to. What stands in other sections, or under other names, is not looked at but for the SOA of an empty answer.
/// </summary>
internal static class AnswerReader
{
    /// <summary>Aliases followed within one message.</summary>
    internal const int MaximumAliases = 8;

    /// <summary>Records of one answer that are taken; a larger one is none.</summary>
    internal const int MaximumRecords = 100;

    public static ResolverAnswer Read(DnsMessage message, DomainName question, RecordType type)
    {
        if (message.IsQuery || message.ReturnCode is not (ReturnCode.NoError or ReturnCode.NxDomain) || message.AnswerRecords.Count > MaximumRecords) return ResolverAnswer.Failed;
        var name = question;
        var life = int.MaxValue;
        for (var aliases = 0; aliases < MaximumAliases && AliasOf(message, name) is { } alias; aliases++)
        {
            life = Math.Min(life, alias.TimeToLive);
            name = alias.CanonicalName;
        }

        var records = message.AnswerRecords.FindAll(record => record.RecordType == type && record.RecordClass == RecordClass.INet && record.Name.Equals(name));
        var read = records.Select(Read).OfType<ResolvedRecord>().ToList();
        if (read.Count > 0) return new ResolverAnswer(read, Life(Math.Min(life, records.Min(record => record.TimeToLive))));
        var leadsOn = message.ReturnCode == ReturnCode.NoError && !name.Equals(question);
        return leadsOn ? new ResolverAnswer([], Life(life), Text(name)) : new ResolverAnswer([], Life(Math.Min(life, EmptyLife(message, name))));
    }

    private static CNameRecord? AliasOf(DnsMessage message, DomainName name) =>
        message.AnswerRecords.OfType<CNameRecord>().FirstOrDefault(record => record.RecordClass == RecordClass.INet && record.Name.Equals(name));

    private static ResolvedRecord? Read(DnsRecordBase record) => record switch
    {
        NaptrRecord naptr => new ResolvedRecord.Naptr(naptr.Order, naptr.Preference, naptr.Flags, naptr.Services, naptr.RegExp, Text(naptr.Replacement)),
        SrvRecord srv => new ResolvedRecord.Srv(srv.Priority, srv.Weight, srv.Port, Text(srv.Target)),
        AddressRecordBase address => new ResolvedRecord.Address(address.Address),
        _ => null,
    };

    /// <summary>An empty answer without the zone's SOA is not kept (RFC 2308 5).</summary>
    private static int EmptyLife(DnsMessage message, DomainName name) =>
        message.AuthorityRecords.OfType<SoaRecord>().FirstOrDefault(soa => name.IsEqualOrSubDomainOf(soa.Name)) is { } zone
            ? Math.Min(zone.TimeToLive, zone.NegativeCachingTTL)
            : 0;

    private static TimeSpan Life(int seconds) => TimeSpan.FromSeconds(Math.Max(0, seconds));

    private static string Text(DomainName name) => name.ToString().TrimEnd('.').ToLowerInvariant();
}
