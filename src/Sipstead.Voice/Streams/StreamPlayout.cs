using System.Runtime.InteropServices;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;

namespace Sipstead.Voice.Streams;

/// <summary>Audio of the application on its way to the party: decoded, brought to 8,000 Hz, and queued.</summary>
internal sealed class StreamPlayout(StreamMetrics metrics)
{
    /// <summary>Engines make an answer faster than it is heard; this holds a long one.</summary>
    public static readonly TimeSpan Capacity = TimeSpan.FromMinutes(2);

    private Resampler? _resampler;
    private int _rate;

    public AudioQueue Queue { get; } = new(Capacity);

    /// <summary>Does what a message asks for.</summary>
    public void Take(in StreamCommand command)
    {
        if (command.Action == StreamAction.Clear)
        {
            Queue.Clear();
            _resampler = null;
            _rate = 0;
        }
        else if (Decode(command) is { } samples && !Queue.TryAdd(samples))
        {
            metrics.AudioDropped(samples.Length);
        }
    }

    private short[] Decode(in StreamCommand command)
    {
        if (command.Rate == 0)
        {
            var decoded = new short[command.Payload.Length];
            G711.DecodeMuLaw(command.Payload, decoded);
            return decoded;
        }

        var samples = MemoryMarshal.Cast<byte, short>(command.Payload);
        return command.Rate == AudioFormat.SampleRate ? samples.ToArray() : Resample(samples, command.Rate);
    }

    /// <summary>What one message cuts off, the next one goes on with: the resampler is the stream's.</summary>
    private short[] Resample(ReadOnlySpan<short> samples, int rate)
    {
        if (rate != _rate) (_resampler, _rate) = (new Resampler(rate), rate);
        var input = new float[samples.Length];
        for (var i = 0; i < input.Length; i++) input[i] = samples[i];
        var output = new short[Resampler.OutputLength(samples.Length, rate) + 1];
        return output[.._resampler!.Resample(input, output)];
    }
}
