using System.Net;

namespace Sipstead.Dns.Resolving;

/// <summary>The hosts file of the machine (hosts(5)). It is read again when it has changed.</summary>
internal sealed class HostsFile(string path)
{
    private const int MaximumOctets = 1 << 20;

    private readonly Lock _gate = new();
    private Dictionary<string, List<IPAddress>> _hosts = [];
    private DateTime _written;

    /// <summary>The addresses of a name in lower case, of both families; empty when it is not there.</summary>
    public IReadOnlyList<IPAddress> AddressesOf(string name)
    {
        lock (_gate)
        {
            ReadIfChanged();
            return _hosts.TryGetValue(name, out var addresses) ? addresses : [];
        }
    }

    private void ReadIfChanged()
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > MaximumOctets || file.LastWriteTimeUtc == _written) return;
            _written = file.LastWriteTimeUtc;
            _hosts = Parse(File.ReadLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was read before counts until it can be read again.
        }
    }

    private static Dictionary<string, List<IPAddress>> Parse(IEnumerable<string> lines)
    {
        var hosts = new Dictionary<string, List<IPAddress>>();
        foreach (var line in lines)
        {
            var parts = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2 || !IPAddress.TryParse(parts[0], out var address)) continue;
            foreach (var name in parts.Skip(1).Select(ZoneName.Fold))
            {
                if (!hosts.TryGetValue(name, out var addresses)) hosts[name] = addresses = [];
                if (!addresses.Contains(address)) addresses.Add(address);
            }
        }

        return hosts;
    }
}
