using System.Net;

namespace Sipstead.Dns;

/// <summary>
/// Caps the open TCP connections, in all and from one address. At the cap the newcomer is closed: those that are being served go on, and
/// idle ones make room within <see cref="TcpConnection.IdleTimeout"/>.
/// </summary>
internal sealed class TcpAdmission(DnsMeter meter)
{
    public const int Most = 256;
    public const int MostFromOneAddress = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private int _open;

    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            var fromAddress = _perAddress.GetValueOrDefault(address);
            if (_open >= Most || fromAddress >= MostFromOneAddress)
                return false;
            _perAddress[address] = fromAddress + 1;
            _open++;
        }
        meter.ConnectionsChanged(1);
        return true;
    }

    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _open--;
            if (--_perAddress[address] == 0)
                _perAddress.Remove(address);
        }
        meter.ConnectionsChanged(-1);
    }
}
