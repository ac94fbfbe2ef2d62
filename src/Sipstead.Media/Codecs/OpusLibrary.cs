using System.Runtime.InteropServices;

namespace Sipstead.Media.Codecs;

/// <summary>
/// The functions of libopus that are used here (its manual, "Opus Encoder" and "Opus Decoder"). The library is not part of this program: Debian's package is
/// libopus0.
/// </summary>
internal static unsafe partial class OpusLibrary
{
    public const string Name = "libopus.so.0";

    /// <summary>OPUS_APPLICATION_VOIP.</summary>
    public const int Voice = 2048;

    public const int SetBitrate = 4002;
    public const int SetVariableBitrate = 4006;
    public const int SetComplexity = 4010;
    public const int SetInbandFec = 4012;
    public const int SetPacketLoss = 4014;
    public const int SetDtx = 4016;

    private static readonly Lazy<bool> Found = new(() => NativeLibrary.TryLoad(Name, out _));

    /// <summary>True when the library is installed.</summary>
    public static bool IsAvailable => Found.Value;

    [LibraryImport(Name, EntryPoint = "opus_encoder_create")]
    public static partial EncoderHandle CreateEncoder(int sampleRate, int channels, int application, out int error);

    /// <summary>Sets a number. The function takes any number of arguments, which on Linux are passed as those of any other are.</summary>
    [LibraryImport(Name, EntryPoint = "opus_encoder_ctl")]
    public static partial int Set(EncoderHandle encoder, int request, int value);

    [LibraryImport(Name, EntryPoint = "opus_encode")]
    public static partial int Encode(EncoderHandle encoder, short* samples, int count, byte* payload, int room);

    [LibraryImport(Name, EntryPoint = "opus_decoder_create")]
    public static partial DecoderHandle CreateDecoder(int sampleRate, int channels, out int error);

    [LibraryImport(Name, EntryPoint = "opus_decode")]
    public static partial int Decode(DecoderHandle decoder, byte* payload, int length, short* samples, int count, int useFec);

    [LibraryImport(Name, EntryPoint = "opus_encoder_destroy")]
    private static partial void DestroyEncoder(nint encoder);

    [LibraryImport(Name, EntryPoint = "opus_decoder_destroy")]
    private static partial void DestroyDecoder(nint decoder);

    /// <summary>An OpusEncoder of the library.</summary>
    public sealed class EncoderHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            DestroyEncoder(handle);
            return true;
        }
    }

    /// <summary>An OpusDecoder of the library.</summary>
    public sealed class DecoderHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            DestroyDecoder(handle);
            return true;
        }
    }
}
