namespace Sipstead.Webhooks.Http;

/// <summary>
/// How many requests may be under way to one host, and begin each second (S-45): whoever makes calls must not be able to make this server flood a third party.
/// This machine itself is exempt. Thread-safe.
/// </summary>
internal sealed class HostLimits(WebhookOptions options, TimeProvider time)
{
    /// <summary>Hosts that are remembered; beyond, those go that have nothing under way and their whole burst left, and else a new one is refused.</summary>
    internal const int MaxHosts = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Hosts that are remembered.</summary>
    public int HostCount
    {
        get
        {
            lock (_lock) return _hosts.Count;
        }
    }

    /// <summary>Begins a request, to be ended with <see cref="End"/>. Otherwise says which limit is reached: <c>host</c>, <c>host_rate</c> or <c>hosts</c>.</summary>
    public string? Begin(Uri url)
    {
        if (url.IsLoopback) return null;
        lock (_lock)
        {
            if (!_hosts.TryGetValue(url.IdnHost, out var host))
            {
                if (_hosts.Count >= MaxHosts) ForgetIdle();
                if (_hosts.Count >= MaxHosts) return "hosts";
                _hosts.Add(url.IdnHost, host = new Host { Left = options.HostBurst, At = time.GetTimestamp() });
            }

            if (host.InFlight >= options.MaxInFlightPerHost) return "host";
            Refill(host);
            if (host.Left < 1) return "host_rate";
            host.Left--;
            host.InFlight++;
            return null;
        }
    }

    /// <summary>Ends a request that <see cref="Begin"/> let through.</summary>
    public void End(Uri url)
    {
        if (url.IsLoopback) return;
        lock (_lock) _hosts[url.IdnHost].InFlight--;
    }

    private void Refill(Host host)
    {
        var now = time.GetTimestamp();
        host.Left = Math.Min(options.HostBurst, host.Left + (time.GetElapsedTime(host.At, now).TotalSeconds * options.HostRequestsPerSecond));
        host.At = now;
    }

    private void ForgetIdle()
    {
        foreach (var (name, host) in _hosts)
        {
            Refill(host);
            if (host.InFlight == 0 && host.Left >= options.HostBurst) _hosts.Remove(name);
        }
    }

    private sealed class Host
    {
        public int InFlight { get; set; }

        /// <summary>Requests that may begin now.</summary>
        public double Left { get; set; }

        /// <summary>When <see cref="Left"/> was true.</summary>
        public long At { get; set; }
    }
}
