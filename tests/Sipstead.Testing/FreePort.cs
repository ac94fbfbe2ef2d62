using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sipstead.Testing;

/// <summary>
/// Port numbers that nobody uses, for UDP and TCP at once. They lie below the range that the system hands to outgoing connections, so that none of those
/// takes one between the look and the use; an already taken number is not given out twice in a process.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;
    private const int Tries = 1_000;

    private static readonly HashSet<int> Taken = [];
    private static readonly Lock Taking = new();

    /// <summary>A free port.</summary>
    public static int Take() => TakeRange(1);

    /// <summary>The first of <paramref name="count"/> free ports in a row.</summary>
    public static int TakeRange(int count)
    {
        lock (Taking)
        {
            for (var i = 0; i < Tries; i++)
            {
                var range = Enumerable.Range(RandomNumberGenerator.GetInt32(First, End - count), count).ToList();
                if (range.Exists(Taken.Contains) || !range.TrueForAll(IsFree)) continue;
                Taken.UnionWith(range);
                return range[0];
            }
        }

        throw new InvalidOperationException($"No {count} free ports in a row from {First} to {End}.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var tcp = Bind(SocketType.Stream, ProtocolType.Tcp, port);
            using var udp = Bind(SocketType.Dgram, ProtocolType.Udp, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Socket Bind(SocketType type, ProtocolType protocol, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
