using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sipstead.Testing.Phones;

/// <summary>What the phone told of a call, such as CALL_ESTABLISHED; <paramref name="Parameter"/> is a digit, a reason or the like.</summary>
public sealed record BaresipEvent(string Type, string Parameter);

/// <summary>Presses a baresip's keys, and hears of its calls, through its ctrl_tcp module: JSON in netstrings.</summary>
public sealed class BaresipControl : IDisposable
{
    /// <summary>The event that an answer to a command is noted as.</summary>
    private const string Answer = "answer";

    private readonly TcpClient _connection;
    private readonly Lock _lock = new();
    private readonly List<BaresipEvent> _events = [];
    private int _taken;

    private BaresipControl(TcpClient connection)
    {
        _connection = connection;
        _ = ReadAsync(connection.GetStream());
    }

    /// <summary>All events so far.</summary>
    public IReadOnlyList<BaresipEvent> Events
    {
        get
        {
            lock (_lock) return [.. _events];
        }
    }

    /// <summary>Connects as soon as the phone listens, and makes sure that it hears.</summary>
    public static async Task<BaresipControl> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var control = new BaresipControl(await Poll.ForAsync("baresip to listen", () => TryConnectAsync(port, cancellationToken), cancellationToken));
        await control.SendAsync("reginfo", null, cancellationToken);
        await control.ExpectAsync(Answer, cancellationToken);
        return control;
    }

    /// <summary>Gives a command, such as <c>dial</c>.</summary>
    public async Task SendAsync(string command, string? parameters, CancellationToken cancellationToken)
    {
        var message = new JsonObject { ["command"] = command, ["token"] = command };
        if (parameters is not null) message["params"] = parameters;
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        byte[] netstring = [.. System.Text.Encoding.ASCII.GetBytes($"{body.Length}:"), .. body, (byte)','];
        await _connection.GetStream().WriteAsync(netstring, cancellationToken);
    }

    /// <summary>Waits for an event after those that were waited for before.</summary>
    public Task<BaresipEvent> ExpectAsync(string type, CancellationToken cancellationToken) =>
        Poll.ForAsync($"baresip's {type}", () => Task.FromResult(Take(type)), cancellationToken);

    public void Dispose() => _connection.Dispose();

    private static async Task<TcpClient?> TryConnectAsync(int port, CancellationToken cancellationToken)
    {
        var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return connection;
        }
        catch (SocketException)
        {
            connection.Dispose();
            return null;
        }
    }

    private BaresipEvent? Take(string type)
    {
        lock (_lock)
        {
            var index = _events.FindIndex(_taken, e => e.Type == type);
            if (index < 0) return null;
            _taken = index + 1;
            return _events[index];
        }
    }

    private async Task ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length)) is > 0 and var read)
            {
                length += read;
                while (TryTakeNetstring(buffer.AsSpan(0, length), out var body, out var used))
                {
                    Note(JsonElement.Parse(body));
                    buffer.AsSpan(used, length - used).CopyTo(buffer);
                    length -= used;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The phone was ended, and its connection with it.
        }
    }

    private static bool TryTakeNetstring(ReadOnlySpan<byte> received, out ReadOnlySpan<byte> body, out int used)
    {
        body = [];
        used = 0;
        var colon = received.IndexOf((byte)':');
        if (colon < 0 || !Utf8Parser.TryParse(received[..colon], out int length, out _) || received.Length < colon + length + 2) return false;
        body = received.Slice(colon + 1, length);
        used = colon + length + 2;
        return true;
    }

    private void Note(JsonElement message)
    {
        var noted = message.TryGetProperty("event", out _)
            ? new BaresipEvent(Text(message, "type"), Text(message, "param"))
            : new BaresipEvent(Answer, Text(message, "data"));
        lock (_lock) _events.Add(noted);
    }

    private static string Text(JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.ToString() : "";
}
