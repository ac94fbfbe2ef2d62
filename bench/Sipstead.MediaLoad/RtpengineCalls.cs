using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sipstead.MediaLoad;

/// <summary>Pairs of parties whose media rtpengine relays, set up as a SIP proxy does by its ng protocol: a cookie and a bencoded dictionary in a datagram.</summary>
internal sealed class RtpengineCalls(MediaStreams streams, IPEndPoint control) : ICallServer
{
    private readonly UdpClient _control = new(0, AddressFamily.InterNetwork);
    private readonly List<string> _calls = [];

    public bool IsMixing => false;

    public int LegsOf(int calls) => 2 * calls;

    public async Task ConnectAsync(int calls, CancellationToken cancellation)
    {
        for (var i = 0; i < calls; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"load-{Environment.ProcessId}-{i}");
            _calls.Add(id);
            var forSecond = await AskAsync(cancellation, ("call-id", id), ("command", "offer"), ("from-tag", "a"), ("sdp", Sdp.Of(streams.PortOf(0))));
            var forFirst = await AskAsync(
                cancellation, ("call-id", id), ("command", "answer"), ("from-tag", "a"), ("sdp", Sdp.Of(streams.PortOf(1))), ("to-tag", "b"));
            streams.Add(1, Sdp.RemoteOf(TextOf("sdp", forSecond))!);
            streams.Add(0, Sdp.RemoteOf(TextOf("sdp", forFirst))!);
        }
    }

    public async Task DisconnectAsync(CancellationToken cancellation)
    {
        foreach (var id in _calls) await AskAsync(cancellation, ("call-id", id), ("command", "delete"), ("from-tag", "a"));
    }

    public ValueTask DisposeAsync()
    {
        _control.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> AskAsync(CancellationToken cancellation, params (string Key, string Value)[] entries)
    {
        var dictionary = string.Concat(entries.Select(entry => Bencode(entry.Key) + Bencode(entry.Value)));
        var cookie = Guid.NewGuid().ToString("N");
        var message = Encoding.UTF8.GetBytes($"{cookie} d{dictionary}e");
        await _control.SendAsync(message, control, cancellation);
        var answer = Encoding.UTF8.GetString((await _control.ReceiveAsync(cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(5), cancellation)).Buffer);
        return TextOf("result", answer) == "ok" ? answer : throw new InvalidOperationException($"rtpengine said: {answer}");
    }

    private static string Bencode(string text) => string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text)}:{text}");

    /// <summary>The text behind a key; empty without it.</summary>
    private static string TextOf(string key, string answer)
    {
        var at = answer.IndexOf(Bencode(key), StringComparison.Ordinal);
        if (at < 0) return "";
        at += Bencode(key).Length;
        var colon = answer.IndexOf(':', at);
        return answer.Substring(colon + 1, int.Parse(answer.AsSpan(at, colon - at), CultureInfo.InvariantCulture));
    }
}
