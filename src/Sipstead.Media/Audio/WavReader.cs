using System.Buffers.Binary;
using Sipstead.Media.Codecs;

namespace Sipstead.Media.Audio;

/// <summary>
/// Reads WAV files: RIFF with PCM, float, mu-law or A-law, 4 to 192 kHz; channels are mixed down. Sizes that a writer to a pipe could not know, and sizes
/// beyond the end of the file, mean "up to the end".
/// </summary>
public static class WavReader
{
    /// <summary>Longest audio that is read.</summary>
    public static TimeSpan MaximumDuration { get; } = TimeSpan.FromHours(1);

    private const int HeaderLength = 12;
    private const int ChunkHeaderLength = 8;
    private const int BlockFrames = 2_048;

    /// <summary>Loudest value that is let through: a float file may hold anything, and one infinity would silence the filter for good.</summary>
    private const float Limit = 4 * 32_768f;

    /// <summary>Reads a file that is in memory whole. What is wrong with it is the <see cref="AudioResult.Error"/>.</summary>
    public static AudioResult Read(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        var file = octets.Span;
        if (!TryFindAudio(file, out var format, out var audio, out var error)) return new AudioResult(null, error);
        var length = Resampler.OutputLength(audio.Length / format.FrameOctets, format.Rate);
        if (length > AudioFormat.SamplesIn(MaximumDuration)) return new AudioResult(null, "The WAV file is longer than one hour.");
        var samples = new short[length];
        Convert(audio, format, samples, cancellationToken);
        return new AudioResult(new AudioClip(samples), null);
    }

    private static bool TryFindAudio(ReadOnlySpan<byte> file, out WavFormat format, out ReadOnlySpan<byte> audio, out string error)
    {
        format = default;
        audio = default;
        error = "The audio is not a WAV file: it does not begin with RIFF and WAVE.";
        if (file.Length < HeaderLength || !(file.StartsWith("RIFF"u8) || file.StartsWith("RF64"u8)) || !file[8..].StartsWith("WAVE"u8)) return false;
        var isFormatKnown = false;
        var rest = file[HeaderLength..];
        while (rest.Length >= ChunkHeaderLength)
        {
            var name = rest[..4];
            var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]), (uint)(rest.Length - ChunkHeaderLength));
            var content = rest.Slice(ChunkHeaderLength, size);
            if (name.SequenceEqual("fmt "u8))
            {
                isFormatKnown = WavFormat.TryRead(content, out format, out var objection);
                error = $"The WAV file {objection}.";
                if (!isFormatKnown) return false;
            }
            else if (name.SequenceEqual("data"u8))
            {
                audio = content;
                error = isFormatKnown ? "" : "The WAV file has no format chunk before its data.";
                return isFormatKnown;
            }

            // Chunks begin at even places.
            rest = rest[Math.Min(ChunkHeaderLength + size + (size & 1), rest.Length)..];
        }

        error = isFormatKnown ? "The WAV file has no data chunk." : "The WAV file has no format chunk.";
        return false;
    }

    private static void Convert(ReadOnlySpan<byte> audio, WavFormat format, Span<short> samples, CancellationToken cancellationToken)
    {
        var resampler = format.Rate == AudioFormat.SampleRate ? null : new Resampler(format.Rate);
        var mono = new float[BlockFrames];
        while (audio.Length >= format.FrameOctets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var frames = Math.Min(BlockFrames, audio.Length / format.FrameOctets);
            var block = mono.AsSpan(0, frames);
            MixDown(audio, format, block);
            audio = audio[(frames * format.FrameOctets)..];
            samples = samples[(resampler?.Resample(block, samples) ?? Round(block, samples))..];
        }

        resampler?.Finish(samples);
    }

    private static int Round(ReadOnlySpan<float> mono, Span<short> samples)
    {
        for (var i = 0; i < mono.Length; i++) samples[i] = (short)Math.Clamp(MathF.Round(mono[i]), short.MinValue, short.MaxValue);
        return mono.Length;
    }

    private static void MixDown(ReadOnlySpan<byte> audio, WavFormat format, Span<float> mono)
    {
        var step = format.SampleOctets;
        var at = 0;
        foreach (ref var value in mono)
        {
            var sum = 0f;
            for (var channel = 0; channel < format.Channels; channel++, at += step) sum += Sample(audio.Slice(at, step), format.Encoding);
            value = sum / format.Channels;
        }
    }

    /// <summary>One sample on the scale of 16 bits.</summary>
    private static float Sample(ReadOnlySpan<byte> octets, WavEncoding encoding) => encoding switch
    {
        WavEncoding.Pcm8 => (octets[0] - 128) * 256f,
        WavEncoding.Pcm16 => BinaryPrimitives.ReadInt16LittleEndian(octets),
        WavEncoding.Pcm24 => (octets[0] | (octets[1] << 8) | ((sbyte)octets[2] << 16)) / 256f,
        WavEncoding.Pcm32 => BinaryPrimitives.ReadInt32LittleEndian(octets) / 65_536f,
        WavEncoding.Float32 => Finite(BinaryPrimitives.ReadSingleLittleEndian(octets) * 32_768f),
        WavEncoding.MuLaw => G711.DecodeMuLaw(octets[0]),
        _ => G711.DecodeALaw(octets[0]),
    };

    private static float Finite(float value) => float.IsNaN(value) ? 0 : Math.Clamp(value, -Limit, Limit);
}
