using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>The media of a scripted phone on loopback: says a tone in mu-law, 50 packets a second, and presses keys.</summary>
internal sealed class RtpParty : IDisposable
{
    private const uint Ssrc = 0xA11CE;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _quiet = new();
    private IPEndPoint? _peer;
    private ushort _sequence;
    private uint _timestamp;
    private int _at;

    public string Sdp => ScriptedPhone.Sdp(((IPEndPoint)_socket.Client.LocalEndPoint!).Port);

    /// <summary>Sends to where a description says.</summary>
    public void Aim(string description)
    {
        var line = description.Split("m=audio ")[1];
        var port = int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        _peer = new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>Says a tone until disposed.</summary>
    public async Task SayAsync(double frequency, double amplitude = 8_000)
    {
        using var ticks = new PeriodicTimer(AudioFormat.FrameDuration);
        var packet = new byte[172];
        try
        {
            while (await ticks.WaitForNextTickAsync(_quiet.Token))
            {
                WriteHeader(packet, 0);
                for (var i = 0; i < AudioFormat.FrameSamples; i++, _at++)
                    packet[12 + i] = G711.EncodeMuLaw((short)(amplitude * Math.Sin(2 * Math.PI * frequency * _at / AudioFormat.SampleRate)));
                _timestamp += AudioFormat.FrameSamples;
                await _socket.SendAsync(packet, _peer, _quiet.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>Presses a key: the begin, and three times the end (RFC 4733 2.5).</summary>
    public async Task PressAsync(byte digit)
    {
        _timestamp += 1600;
        for (var i = 0; i < 4; i++)
        {
            var packet = new byte[16];
            WriteHeader(packet, (byte)(101 | (i == 0 ? 0x80 : 0)));
            packet[12] = digit;
            packet[13] = (byte)(10 | (i == 0 ? 0 : 0x80));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(14), (ushort)(160 * (i + 1)));
            await _socket.SendAsync(packet, _peer, _quiet.Token);
            await Task.Delay(20, _quiet.Token);
        }
    }

    public void Dispose()
    {
        _quiet.Cancel();
        _socket.Dispose();
        _quiet.Dispose();
    }

    private void WriteHeader(byte[] packet, byte type)
    {
        packet[0] = 0x80;
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), ++_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Ssrc);
    }
}
