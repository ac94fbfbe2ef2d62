using System.Runtime.Intrinsics;
using Sipstead.Media.Audio;

namespace Sipstead.Media.Detection;

/// <summary>
/// Hears key presses in the audio itself, for parties that send no telephone-event: a tone of each group of ITU-T Q.23 at once, judged by what Q.24 asks of
/// receivers. Windows of 20 ms that overlap by half are measured at the eight frequencies (Goertzel). How the phase moves from one window to the next tells
/// the true frequency of each tone, far finer than so short a window could, which is what tells a key from a voice. Allocates nothing.
/// </summary>
internal sealed class DtmfDetector
{
    /// <summary>Samples from one window to the next: 10 ms. A window has twice as many, and a press of 40 ms, the shortest, fills two.</summary>
    private const int Step = AudioFormat.FrameSamples / 2;

    private const int Window = 2 * Step;
    private const string Keys = "123A456B789C*0#D";

    /// <summary>Amplitude of the faintest tone: -32 dBm0, beyond the -25 dBm that Q.24 asks for.</summary>
    private const float FaintestAmplitude = 574;

    /// <summary>How far the high tone may be above the low one, 6 dB, and below it, 10 dB (Q.24 table A-1: up to 5 and 10 dB).</summary>
    private const float HighestTwist = 4;
    private const float LowestTwist = 0.1f;

    /// <summary>A tone stands out from the other three of its group by 8 dB.</summary>
    private const float Prominence = 6.3f;

    /// <summary>Part of the audio's power that the two tones have; noise of 12 dB less than they leaves 94 %.</summary>
    private const float Purity = 0.88f;

    /// <summary>Deviation that is taken: between the 1.5 % + 2 Hz that Q.24 wants taken and the 3.5 % that it wants refused.</summary>
    private const float Tolerance = 0.023f;

    /// <summary>How much the power may change from one window to the next: of both tones 1.8 dB, of each 4 dB, since the other one leaks into it.</summary>
    private const float Steadiness = 1.5f;
    private const float SteadinessOfTone = 2.5f;

    /// <summary>Power that the window before or behind the two has at least: of 40 ms, three quarters of its samples are filled, of 23 ms a third (Q.24).</summary>
    private const float ThirdWindow = 0.4f;

    /// <summary>A key is let go where its tones are 9 dB down; so they must be for two windows, since a gap of 10 ms parts no press (Q.24).</summary>
    private const float Weak = 0.125f;
    private const int WindowsLetGo = 2;

    private static readonly float[] Frequencies = [697, 770, 852, 941, 1209, 1336, 1477, 1633];
    private static readonly Vector256<float> Cosines = OfFrequencies(MathF.Cos, 1);
    private static readonly Vector256<float> Sines = OfFrequencies(MathF.Sin, 1);
    private static readonly Vector256<float> StepCosines = OfFrequencies(MathF.Cos, Step);
    private static readonly Vector256<float> StepSines = OfFrequencies(MathF.Sin, Step);

    /// <summary>The last step and the last window at each frequency, as phasors at their ends.</summary>
    private Phasors _step;
    private Phasors _window;
    private Phasors _earlier;
    private float _stepEnergy;

    /// <summary>The key that two windows have shown; the next one decides.</summary>
    private int _candidate = -1;
    private float _candidatePower;

    private int _held = -1;
    private float _heldPower;
    private int _weakWindows;

    /// <summary>Takes what follows, whole frames. Returns the key when a press has begun, else null.</summary>
    public char? Take(ReadOnlySpan<short> frame)
    {
        var pressed = -1;
        for (; frame.Length >= Step; frame = frame[Step..])
        {
            var step = Measure(frame[..Step], out var energy);
            var window = _step.Turned(StepCosines, StepSines).Plus(step);
            var key = Judge(window, energy + _stepEnergy);
            if (Follow(key, window)) pressed = _held;
            (_step, _stepEnergy, _earlier, _window) = (step, energy, _window, window);
        }

        return pressed < 0 ? null : Keys[pressed];
    }

    /// <summary>Eight resonators at once, each an element of the vectors.</summary>
    private static Phasors Measure(ReadOnlySpan<short> samples, out float energy)
    {
        var (last, before) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var coefficients = Cosines * 2;
        energy = 0;
        foreach (var sample in samples)
        {
            energy += (float)sample * sample;
            (last, before) = (Vector256.Create((float)sample) + (coefficients * last) - before, last);
        }

        return new Phasors(last - (before * Cosines), before * Sines);
    }

    /// <summary>The key whose tones fill this window as they did the last one; -1 when there is none.</summary>
    private int Judge(in Phasors window, float energy)
    {
        var powers = window.Powers;
        var (low, high) = (Strongest(powers, 0), Strongest(powers, 4));
        if (low < 0 || high < 0 || !IsSteady(window, low) || !IsSteady(window, high)) return -1;
        var (lowPower, highPower) = (TruePower(window, low), TruePower(window, high));
        const float faintest = FaintestAmplitude * FaintestAmplitude * Window * Window / 4;
        if (lowPower < faintest || highPower < faintest) return -1;
        if (highPower > lowPower * HighestTwist || highPower < lowPower * LowestTwist) return -1;
        if ((lowPower + highPower) * 2 < Purity * energy * Window) return -1;
        var key = (low * 4) + high - 4;
        var (now, before) = (PowerOf(key, window), PowerOf(key, _window));
        return now < before * Steadiness && before < now * Steadiness ? key : -1;
    }

    /// <summary>Follows the press. True when the key is a new one.</summary>
    private bool Follow(int key, in Phasors window)
    {
        var (candidate, candidatePower) = (_candidate, _candidatePower);
        _candidate = -1;
        if (key >= 0 && key != _held && PowerOf(key, _earlier) < ThirdWindow * PowerOf(key, window))
        {
            (_candidate, _candidatePower) = (key, PowerOf(key, window));
            key = -1;
        }
        else if (key < 0 && candidate >= 0 && PowerOf(candidate, window) >= ThirdWindow * candidatePower)
        {
            key = candidate;
        }

        return key >= 0 ? Press(key, window) : LetGo(window);
    }

    private bool Press(int key, in Phasors window)
    {
        var isNew = key != _held;
        (_held, _heldPower, _weakWindows) = (key, PowerOf(key, window), 0);
        return isNew;
    }

    private bool LetGo(in Phasors window)
    {
        if (_held < 0) return false;
        _weakWindows = PowerOf(_held, window) < Weak * _heldPower ? _weakWindows + 1 : 0;
        if (_weakWindows == WindowsLetGo) _held = -1;
        return false;
    }

    private static float PowerOf(int key, in Phasors window) => window.Powers[key / 4] + window.Powers[4 + (key % 4)];

    /// <summary>The frequency of a group that stands out from its others; -1 when none does.</summary>
    private static int Strongest(Vector256<float> powers, int first)
    {
        var strongest = first;
        for (var i = first + 1; i < first + 4; i++)
        {
            if (powers[i] > powers[strongest]) strongest = i;
        }

        for (var i = first; i < first + 4; i++)
        {
            if (i != strongest && powers[i] * Prominence > powers[strongest]) return -1;
        }

        return strongest;
    }

    private bool IsSteady(in Phasors window, int frequency)
    {
        var (now, before) = (window.Powers[frequency], _window.Powers[frequency]);
        return now < before * SteadinessOfTone && before < now * SteadinessOfTone && MathF.Abs(Deviation(window, frequency)) < Tolerance * Frequencies[frequency];
    }

    /// <summary>Hertz that the tone is beside its frequency: how far its phase has moved since the window before, beyond what the frequency moves it by.</summary>
    private float Deviation(in Phasors window, int frequency)
    {
        var expected = _window.Turned(StepCosines, StepSines);
        var (x, y) = (window.Real[frequency], window.Imaginary[frequency]);
        var (u, v) = (expected.Real[frequency], expected.Imaginary[frequency]);
        return MathF.Atan2((y * u) - (x * v), (x * u) + (y * v)) / MathF.Tau * AudioFormat.SampleRate / Step;
    }

    /// <summary>The power that the tone would show were it at its frequency exactly.</summary>
    private float TruePower(in Phasors window, int frequency)
    {
        var turn = MathF.PI * Deviation(window, frequency) * Window / AudioFormat.SampleRate;
        var response = MathF.Abs(turn) < 0.01f ? 1 : MathF.Sin(turn) / turn;
        return window.Powers[frequency] / (response * response);
    }

    private static Vector256<float> OfFrequencies(Func<float, float> function, int samples)
    {
        Span<float> values = stackalloc float[Vector256<float>.Count];
        for (var i = 0; i < values.Length; i++) values[i] = function(MathF.Tau * (Frequencies[i] * samples / AudioFormat.SampleRate % 1));
        return Vector256.Create<float>(values);
    }

    /// <summary>A phasor for each frequency.</summary>
    private readonly struct Phasors(Vector256<float> real, Vector256<float> imaginary)
    {
        public Vector256<float> Real { get; } = real;

        public Vector256<float> Imaginary { get; } = imaginary;

        public Vector256<float> Powers { get; } = (real * real) + (imaginary * imaginary);

        public Phasors Turned(Vector256<float> cosines, Vector256<float> sines) =>
            new((Real * cosines) - (Imaginary * sines), (Real * sines) + (Imaginary * cosines));

        public Phasors Plus(in Phasors other) => new(Real + other.Real, Imaginary + other.Imaginary);
    }
}
