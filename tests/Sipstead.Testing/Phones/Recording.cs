using System.Buffers.Binary;

namespace Sipstead.Testing.Phones;

/// <summary>What a phone heard: samples from -1 to 1 at 8 kHz, looked at in pieces of 100 ms.</summary>
public sealed class Recording(float[] samples)
{
    private const int PieceLength = Tone.SampleRate / 10;

    /// <summary>Mean square above which a piece is no silence: about -50 dB of full scale.</summary>
    private const double SilenceLimit = 1e-5;

    /// <summary>Part of a piece's energy that a pure tone has at its frequency at least.</summary>
    private const double Purity = 0.9;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)samples.Length / Tone.SampleRate);

    private int Pieces => samples.Length / PieceLength;

    /// <summary>
    /// Reads a WAV file of 16 bits; null while the program that writes it has not finished it. Of several channels it takes the first, and of a higher rate as
    /// many samples as there are at 8 kHz: tones below 4 kHz lose nothing by that.
    /// </summary>
    public static Recording? TryRead(ReadOnlySpan<byte> file)
    {
        var start = file.IndexOf("data"u8);
        if (start < 0 || file.Length < start + 8) return null;
        var data = file[(start + 8)..];
        var length = BinaryPrimitives.ReadInt32LittleEndian(file[(start + 4)..]);
        if (length == 0 || length > data.Length) return null;
        var (channels, rate) = (BinaryPrimitives.ReadInt16LittleEndian(file[22..]), BinaryPrimitives.ReadInt32LittleEndian(file[24..]));
        if (channels < 1 || rate < Tone.SampleRate || rate % Tone.SampleRate != 0 || BinaryPrimitives.ReadInt16LittleEndian(file[34..]) != 16)
            throw new InvalidDataException("The recording is not of 16 bits at a multiple of 8 kHz.");
        var step = 2 * channels * (rate / Tone.SampleRate);
        var samples = new float[length / step];
        for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(step * i)..]) / 32768f;
        return new Recording(samples);
    }

    /// <summary>How long the tone alone was heard, in all.</summary>
    public TimeSpan TimeOfTone(int frequency) => TimeOf(piece => IsTone(piece, frequency));

    /// <summary>How long something was heard that is not this tone, such as speech.</summary>
    public TimeSpan TimeOfOthers(int frequency) => TimeOf(piece => !IsSilent(piece) && !IsTone(piece, frequency));

    /// <summary>How long the tone was heard, whatever was heard besides: at a quarter of this amplitude at least, as a part of full scale.</summary>
    public TimeSpan TimeWithTone(int frequency, double amplitude) =>
        TimeOf(piece => Goertzel(piece.Span, frequency) / PieceLength > amplitude * amplitude / 32);

    /// <summary>When the tone was first heard; null for never.</summary>
    public TimeSpan? StartOfTone(int frequency)
    {
        for (var i = 0; i < Pieces; i++)
        {
            if (IsTone(Piece(i), frequency)) return TimeSpan.FromSeconds(0.1 * i);
        }

        return null;
    }

    /// <summary>The part up to a moment.</summary>
    public Recording Until(TimeSpan moment) => new(samples[..Math.Min(samples.Length, (int)(moment.TotalSeconds * Tone.SampleRate))]);

    private TimeSpan TimeOf(Func<ReadOnlyMemory<float>, bool> fits) => TimeSpan.FromSeconds(0.1 * Enumerable.Range(0, Pieces).Count(i => fits(Piece(i))));

    private ReadOnlyMemory<float> Piece(int index) => samples.AsMemory(index * PieceLength, PieceLength);

    private static bool IsSilent(ReadOnlyMemory<float> piece) => EnergyOf(piece.Span) / PieceLength < SilenceLimit;

    private static bool IsTone(ReadOnlyMemory<float> piece, int frequency) =>
        !IsSilent(piece) && Goertzel(piece.Span, frequency) > Purity * EnergyOf(piece.Span);

    private static double EnergyOf(ReadOnlySpan<float> piece)
    {
        var energy = 0.0;
        foreach (var sample in piece) energy += sample * sample;
        return energy;
    }

    /// <summary>The energy that a sine of this frequency has in the piece, in the measure of <see cref="EnergyOf"/>.</summary>
    private static double Goertzel(ReadOnlySpan<float> piece, int frequency)
    {
        var factor = 2 * Math.Cos(2 * Math.PI * frequency / Tone.SampleRate);
        var (last, beforeLast) = (0.0, 0.0);
        foreach (var sample in piece) (last, beforeLast) = (sample + (factor * last) - beforeLast, last);
        return ((last * last) + (beforeLast * beforeLast) - (factor * last * beforeLast)) * 2 / piece.Length;
    }
}
