using System.Net;

namespace Sipstead.Dns;

/// <summary>The hosts that SRV records lead to, and what is known of them.</summary>
internal sealed class SipTargets
{
    /// <summary>More would push every answer over TCP.</summary>
    public const int Maximum = 8;

    private readonly Dictionary<string, SipTarget> _inZone;

    private SipTargets(IReadOnlyList<SipTarget> all)
    {
        All = all;
        _inZone = all.Where(target => target.IsInZone).ToDictionary(target => target.Host);
        var best = all.Min(target => target.Priority);
        RealmAddresses = [.. all.Where(target => target.IsInZone && target.Priority == best).SelectMany(target => target.Addresses).Distinct()];
    }

    public IReadOnlyList<SipTarget> All { get; }

    /// <summary>The addresses of a realm's own name, for devices that ask for no SRV records: those of its first targets; empty for the server's own.</summary>
    public IReadOnlyList<IPAddress> RealmAddresses { get; }

    /// <summary>The targets of options that are valid; without any the one host <c>sip</c>.</summary>
    public static SipTargets Of(DnsOptions options)
    {
        var apex = ZoneName.Fold(options.BaseDomain);
        var targets = options.Targets.Select(text => SipTarget.TryParse(text, apex, out var target, out _) ? target : null).OfType<SipTarget>().ToList();
        return new SipTargets(targets.Count > 0
            ? targets
            : [new SipTarget("sip." + apex, SipTarget.DefaultPriority, SipTarget.DefaultWeight, [], IsInZone: true)]);
    }

    /// <summary>What is wrong with the texts of targets.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<string> texts, string baseDomain)
    {
        if (texts.Count > Maximum) yield return $"holds {texts.Count} targets; give at most {Maximum}";
        var hosts = new HashSet<string>();
        foreach (var text in texts)
        {
            if (!SipTarget.TryParse(text, ZoneName.Fold(baseDomain), out var target, out var problem)) yield return $"holds \"{text}\": {problem}";
            else if (!hosts.Add(target.Host)) yield return $"names {target.Host} twice";
        }
    }

    /// <summary>The target of this name (in lower case) whose addresses our zone has, or null.</summary>
    public SipTarget? Find(string name) => _inZone.GetValueOrDefault(name);
}
