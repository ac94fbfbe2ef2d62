using System.Numerics;
using System.Runtime.InteropServices;

namespace Sipstead.Sip.Digest;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) with 64 bits: a keyed hash that nobody without the key can compute or tell
/// from chance, at a twentieth of what HMAC-SHA-256 costs for input as short as a nonce's.
/// </summary>
internal readonly struct SipHash
{
    /// <summary>Octets of the key.</summary>
    public const int KeyLength = 16;

    /// <summary>Octets of a hash.</summary>
    public const int HashLength = 8;

    private readonly ulong _key0;
    private readonly ulong _key1;

    public SipHash(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength);
        (_key0, _key1) = (MemoryMarshal.Read<ulong>(key), MemoryMarshal.Read<ulong>(key[sizeof(ulong)..]));
    }

    /// <summary>The hash of some octets. Words are read as they lie: x64 and arm64 are little-endian, as SipHash is.</summary>
    public ulong Hash(ReadOnlySpan<byte> octets)
    {
        var state = new State(_key0, _key1);
        var last = (ulong)octets.Length << 56;
        for (; octets.Length >= sizeof(ulong); octets = octets[sizeof(ulong)..]) state.Take(MemoryMarshal.Read<ulong>(octets));
        for (var i = 0; i < octets.Length; i++) last |= (ulong)octets[i] << (8 * i);
        state.Take(last);
        return state.Finish();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = key0 ^ 0x736F_6D65_7073_6575;
        private ulong _v1 = key1 ^ 0x646F_7261_6E64_6F6D;
        private ulong _v2 = key0 ^ 0x6C79_6765_6E65_7261;
        private ulong _v3 = key1 ^ 0x7465_6462_7974_6573;

        public void Take(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xFF;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
