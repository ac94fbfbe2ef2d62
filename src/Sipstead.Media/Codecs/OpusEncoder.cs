using Sipstead.Media.Audio;

namespace Sipstead.Media.Codecs;

/// <summary>Opus by libopus, at our sample rate (RFC 6716, RFC 7587). Without discontinuous transmission: packets keep NATs open.</summary>
internal sealed class OpusEncoder : IPayloadEncoder
{
    /// <summary>Octets of a payload at most; at our rate, packets of 60 ms have about 180.</summary>
    private const int MaxPayload = 480;

    /// <summary>Effort of the search, 0 to 10: at 8 kHz, more is not heard.</summary>
    private const int Complexity = 5;

    /// <summary>Per cent of packets that may be lost, which decides how much goes into the second copies.</summary>
    private const int ExpectedLoss = 5;

    private readonly OpusLibrary.EncoderHandle _encoder;

    public OpusEncoder(OpusParameters parameters)
    {
        _encoder = OpusLibrary.CreateEncoder(AudioFormat.SampleRate, 1, OpusLibrary.Voice, out var error);
        if (error != 0) throw new InvalidOperationException($"libopus made no encoder: error {error}");
        OpusLibrary.Set(_encoder, OpusLibrary.SetBitrate, parameters.Bitrate);
        OpusLibrary.Set(_encoder, OpusLibrary.SetVariableBitrate, parameters.IsConstant ? 0 : 1);
        OpusLibrary.Set(_encoder, OpusLibrary.SetComplexity, Complexity);
        OpusLibrary.Set(_encoder, OpusLibrary.SetInbandFec, parameters.UsesFec ? 1 : 0);
        OpusLibrary.Set(_encoder, OpusLibrary.SetPacketLoss, parameters.UsesFec ? ExpectedLoss : 0);
        OpusLibrary.Set(_encoder, OpusLibrary.SetDtx, 0);
    }

    public unsafe int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        fixed (short* from = samples)
        fixed (byte* to = payload)
        {
            return Math.Max(OpusLibrary.Encode(_encoder, from, samples.Length, to, Math.Min(payload.Length, MaxPayload)), 0);
        }
    }

    public void Dispose() => _encoder.Dispose();
}
