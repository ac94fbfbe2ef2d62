using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Sipstead.Media.Rtp;

/// <summary>An even port for RTP and the next for RTCP (RFC 3550 11), both bound.</summary>
internal sealed class PortPair(MediaSocket rtp, MediaSocket rtcp, int place) : IDisposable
{
    public const int Ports = 2;

    public MediaSocket Rtp => rtp;

    public MediaSocket Rtcp => rtcp;

    /// <summary>Which pair of the range it is.</summary>
    public int Place => place;

    public void Dispose()
    {
        rtp.Dispose();
        rtcp.Dispose();
    }
}

/// <summary>
/// The range of media ports. A pair is picked at random, so that ports cannot be guessed. That of an ended call stays bound and is emptied for a while, so
/// that packets still on their way reach no other call.
/// </summary>
internal sealed class MediaPorts(MediaOptions options, TimeProvider time, MediaMetrics metrics, ILogger logger) : IDisposable
{
    /// <summary>Pairs that are tried while other programs hold ports of the range.</summary>
    private const int Tries = 64;

    private readonly Lock _gate = new();
    private readonly List<(PortPair Pair, long Since)> _resting = [];
    private bool[] _taken = [];
    private int _first;
    private int _open;
    private bool _isClosed;

    /// <summary>Ports that are bound, those of ended calls included.</summary>
    public int Open
    {
        get
        {
            lock (_gate) return _open * PortPair.Ports;
        }
    }

    /// <summary>Binds a pair; null when none is free.</summary>
    public PortPair? TryOpen(IPAddress local)
    {
        lock (_gate)
        {
            if (_taken.Length == 0 && MediaOptions.TryParsePorts(options.Ports, out _first, out var pairs)) _taken = new bool[pairs];
            var pair = _isClosed ? null : TryBindAny(local);
            if (pair is null)
            {
                metrics.SessionRefused();
                return null;
            }

            _taken[pair.Place] = true;
            _open++;
            metrics.PortsOpened(PortPair.Ports);
            return pair;
        }
    }

    /// <summary>Takes back the pair of an ended call, which then rests.</summary>
    public void Release(PortPair pair)
    {
        lock (_gate)
        {
            if (_isClosed) Close(pair);
            else _resting.Add((pair, time.GetTimestamp()));
        }
    }

    /// <summary>Empties the ports that rest, and closes those that rested long enough. Called by the media clock.</summary>
    public void Drain(PacketBatch batch)
    {
        lock (_gate)
        {
            for (var i = _resting.Count - 1; i >= 0; i--)
            {
                var (pair, since) = _resting[i];
                batch.Receive(pair.Rtp);
                batch.Receive(pair.Rtcp);
                if (time.GetElapsedTime(since) < options.PortRest) continue;
                _resting.RemoveAt(i);
                Close(pair);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var (pair, _) in _resting) Close(pair);
            _resting.Clear();
        }
    }

    private PortPair? TryBindAny(IPAddress local)
    {
        var tries = 0;
        var start = RandomNumberGenerator.GetInt32(_taken.Length);
        for (var i = 0; i < _taken.Length && tries < Tries; i++)
        {
            var place = (start + i) % _taken.Length;
            if (_taken[place]) continue;
            tries++;
            var error = TryBind(local, place, out var pair);
            if (pair is not null) return pair;
            if (error == SocketError.AddressAlreadyInUse) continue;
            MediaLog.OpenFailed(logger, local, error);
            return null;
        }

        MediaLog.NoPortFree(logger, options.Ports);
        return null;
    }

    private SocketError TryBind(IPAddress local, int place, out PortPair? pair)
    {
        pair = null;
        MediaSocket? rtp = null;
        try
        {
            rtp = MediaSocket.Bind(local, _first + (place * PortPair.Ports));
            pair = new PortPair(rtp, MediaSocket.Bind(local, rtp.Port + 1), place);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            rtp?.Dispose();
            return e.SocketErrorCode;
        }
    }

    private void Close(PortPair pair)
    {
        pair.Dispose();
        _taken[pair.Place] = false;
        _open--;
        metrics.PortsOpened(-PortPair.Ports);
    }
}
