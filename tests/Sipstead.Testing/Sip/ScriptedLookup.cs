using System.Collections.Concurrent;
using System.Net;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Sip;

/// <summary>A DNS of what a test says; names that it does not speak of do not exist. Notes what was asked, such as <c>SRV _sip._udp.example.net</c>.</summary>
public sealed class ScriptedLookup : ISipLookup
{
    /// <summary>How long its answers may be kept.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, List<object>> _records = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly HashSet<string> _broken = [];
    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>All that was asked, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Answers wait for it while it is set.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public ScriptedLookup Naptr(string name, int order, int preference, string services, string replacement, string flags = "s", string regexp = "") =>
        Add($"NAPTR {name}", new NaptrEntry(order, preference, flags, services, regexp, replacement));

    public ScriptedLookup Srv(string name, int priority, int weight, int port, string target) =>
        Add($"SRV {name}", new SrvEntry(priority, weight, port, target));

    public ScriptedLookup Host(string name, params string[] addresses)
    {
        foreach (var text in addresses)
        {
            var address = new TransportAddress(new IPEndPoint(IPAddress.Parse(text), 0));
            Add($"{(address.IsIpv4 ? "A" : "AAAA")} {name}", address);
        }

        return this;
    }

    /// <summary>Lets a question, such as <c>A one.example.net</c>, lead to another name.</summary>
    public ScriptedLookup Alias(string question, string name)
    {
        _aliases[question] = name;
        return this;
    }

    /// <summary>Leaves a question without an answer.</summary>
    public ScriptedLookup Break(string question)
    {
        _broken.Add(question);
        return this;
    }

    public ValueTask<LookupAnswer<NaptrEntry>> FindNaptrAsync(string name, CancellationToken cancellationToken) =>
        AnswerAsync<NaptrEntry>($"NAPTR {name}", cancellationToken);

    public ValueTask<LookupAnswer<SrvEntry>> FindSrvAsync(string name, CancellationToken cancellationToken) =>
        AnswerAsync<SrvEntry>($"SRV {name}", cancellationToken);

    public ValueTask<LookupAnswer<TransportAddress>> FindAddressesAsync(string name, bool isIpv6, CancellationToken cancellationToken) =>
        AnswerAsync<TransportAddress>($"{(isIpv6 ? "AAAA" : "A")} {name}", cancellationToken);

    private async ValueTask<LookupAnswer<T>> AnswerAsync<T>(string question, CancellationToken cancellationToken)
    {
        _asked.Enqueue(question);
        if (Gate is { } gate) await gate.Task.WaitAsync(cancellationToken);
        if (_broken.Contains(question)) return new LookupAnswer<T>([], TimeSpan.Zero, IsFailed: true);
        var records = _records.TryGetValue(question, out var found) ? found.ConvertAll(record => (T)record) : [];
        return new LookupAnswer<T>(records, TimeToLive, _aliases.GetValueOrDefault(question));
    }

    private ScriptedLookup Add(string question, object record)
    {
        if (!_records.TryGetValue(question, out var records)) _records[question] = records = [];
        records.Add(record);
        return this;
    }
}
