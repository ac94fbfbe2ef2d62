using System.Net.WebSockets;

namespace Sipstead.Voice.Feeds;

/// <summary>Reads the messages of a WebSocket whole, up to a size; of a longer one nothing is kept.</summary>
internal sealed class SocketReading(int maximum)
{
    private const int SmallestRoom = 4096;

    private byte[] _octets = new byte[SmallestRoom];
    private int _length;
    private bool _isTooLong;
    private WebSocketMessageType _type;

    /// <summary>True when the message is one of text and whole.</summary>
    public bool IsText => _type == WebSocketMessageType.Text && !_isTooLong;

    /// <summary>The message that was read, until the next one is.</summary>
    public ReadOnlySpan<byte> Message => _octets.AsSpan(0, _length);

    /// <summary>Reads the next message. False when the peer closes.</summary>
    public async Task<bool> ReadAsync(WebSocket socket)
    {
        (_length, _isTooLong) = (0, false);
        while (true)
        {
            if (_octets.Length - _length < SmallestRoom) MakeRoom();
            var part = await socket.ReceiveAsync(_octets.AsMemory(_length), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close) return false;
            _type = part.MessageType;
            _length += part.Count;
            if (part.EndOfMessage) return true;
        }
    }

    private void MakeRoom()
    {
        if (_length + SmallestRoom > maximum) (_length, _isTooLong) = (0, true);
        else Array.Resize(ref _octets, Math.Min(2 * _octets.Length, maximum + SmallestRoom));
    }
}
