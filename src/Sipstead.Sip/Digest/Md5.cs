using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sipstead.Sip.Digest;

/// <summary>
/// MD5 (RFC 1321), which digest authentication from stored hashes is made of. Ours, because the framework's costs about a microsecond of interop for each
/// hash of a few dozen octets, a seventh of a whole refresh (docs/performance.md). Not thread-safe; made to be used again.
/// </summary>
internal sealed class Md5 : DigestHash
{
    public const int BlockLength = 64;
    private const int LengthAt = 56;

    private readonly byte[] _block = new byte[BlockLength];
    private uint _a, _b, _c, _d;
    private ulong _length;

    public Md5() => Reset();

    /// <summary>What it comes to so far, at the end of a block.</summary>
    public Md5State State => new(((ulong)_b << 32) | _a, ((ulong)_d << 32) | _c);

    /// <summary>Goes on, in place of what was appended, behind so many whole blocks that came to a state.</summary>
    public void Resume(Md5State state, int blocks)
    {
        (_a, _b, _c, _d) = ((uint)state.Low, (uint)(state.Low >> 32), (uint)state.High, (uint)(state.High >> 32));
        _length = (ulong)blocks * BlockLength;
    }

    public override void Append(ReadOnlySpan<byte> octets)
    {
        var used = (int)(_length % BlockLength);
        _length += (ulong)octets.Length;
        if (used > 0)
        {
            var taken = Math.Min(BlockLength - used, octets.Length);
            octets[..taken].CopyTo(_block.AsSpan(used));
            octets = octets[taken..];
            if (used + taken < BlockLength) return;
            Process(_block);
        }

        for (; octets.Length >= BlockLength; octets = octets[BlockLength..]) Process(octets[..BlockLength]);
        octets.CopyTo(_block);
    }

    public override DigestValue Finish()
    {
        var used = (int)(_length % BlockLength);
        _block[used++] = 0x80;
        if (used > LengthAt)
        {
            _block.AsSpan(used).Clear();
            Process(_block);
            used = 0;
        }

        _block.AsSpan(used, LengthAt - used).Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(_block.AsSpan(LengthAt), _length * 8);
        Process(_block);
        var high = ((ulong)BinaryPrimitives.ReverseEndianness(_a) << 32) | BinaryPrimitives.ReverseEndianness(_b);
        var low = ((ulong)BinaryPrimitives.ReverseEndianness(_c) << 32) | BinaryPrimitives.ReverseEndianness(_d);
        Reset();
        return new DigestValue(new UInt128(high, low));
    }

    private static uint F(uint x, uint y, uint z) => z ^ (x & (y ^ z));

    /// <summary>A sum, since no bit is in both parts: the part without x, the newest of the three, is then ready before x is.</summary>
    private static uint G(uint x, uint y, uint z) => (x & z) + (y & ~z);

    private static uint H(uint x, uint y, uint z) => x ^ y ^ z;

    private static uint I(uint x, uint y, uint z) => y ^ (x | ~z);

    private void Reset()
    {
        (_a, _b, _c, _d) = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476);
        _length = 0;
    }

    /// <summary>The 64 steps of RFC 1321 3.4. Words are read as they lie: x64 and arm64 are little-endian, as MD5 is.</summary>
    private void Process(ReadOnlySpan<byte> block)
    {
        ref var words = ref Unsafe.As<byte, uint>(ref MemoryMarshal.GetReference(block[..BlockLength]));
        var (a, b, c, d) = (_a, _b, _c, _d);
        a = b + BitOperations.RotateLeft(a + F(b, c, d) + words + 0xD76AA478, 7);
        d = a + BitOperations.RotateLeft(d + F(a, b, c) + Unsafe.Add(ref words, 1) + 0xE8C7B756, 12);
        c = d + BitOperations.RotateLeft(c + F(d, a, b) + Unsafe.Add(ref words, 2) + 0x242070DB, 17);
        b = c + BitOperations.RotateLeft(b + F(c, d, a) + Unsafe.Add(ref words, 3) + 0xC1BDCEEE, 22);
        a = b + BitOperations.RotateLeft(a + F(b, c, d) + Unsafe.Add(ref words, 4) + 0xF57C0FAF, 7);
        d = a + BitOperations.RotateLeft(d + F(a, b, c) + Unsafe.Add(ref words, 5) + 0x4787C62A, 12);
        c = d + BitOperations.RotateLeft(c + F(d, a, b) + Unsafe.Add(ref words, 6) + 0xA8304613, 17);
        b = c + BitOperations.RotateLeft(b + F(c, d, a) + Unsafe.Add(ref words, 7) + 0xFD469501, 22);
        a = b + BitOperations.RotateLeft(a + F(b, c, d) + Unsafe.Add(ref words, 8) + 0x698098D8, 7);
        d = a + BitOperations.RotateLeft(d + F(a, b, c) + Unsafe.Add(ref words, 9) + 0x8B44F7AF, 12);
        c = d + BitOperations.RotateLeft(c + F(d, a, b) + Unsafe.Add(ref words, 10) + 0xFFFF5BB1, 17);
        b = c + BitOperations.RotateLeft(b + F(c, d, a) + Unsafe.Add(ref words, 11) + 0x895CD7BE, 22);
        a = b + BitOperations.RotateLeft(a + F(b, c, d) + Unsafe.Add(ref words, 12) + 0x6B901122, 7);
        d = a + BitOperations.RotateLeft(d + F(a, b, c) + Unsafe.Add(ref words, 13) + 0xFD987193, 12);
        c = d + BitOperations.RotateLeft(c + F(d, a, b) + Unsafe.Add(ref words, 14) + 0xA679438E, 17);
        b = c + BitOperations.RotateLeft(b + F(c, d, a) + Unsafe.Add(ref words, 15) + 0x49B40821, 22);
        a = b + BitOperations.RotateLeft(a + G(b, c, d) + Unsafe.Add(ref words, 1) + 0xF61E2562, 5);
        d = a + BitOperations.RotateLeft(d + G(a, b, c) + Unsafe.Add(ref words, 6) + 0xC040B340, 9);
        c = d + BitOperations.RotateLeft(c + G(d, a, b) + Unsafe.Add(ref words, 11) + 0x265E5A51, 14);
        b = c + BitOperations.RotateLeft(b + G(c, d, a) + words + 0xE9B6C7AA, 20);
        a = b + BitOperations.RotateLeft(a + G(b, c, d) + Unsafe.Add(ref words, 5) + 0xD62F105D, 5);
        d = a + BitOperations.RotateLeft(d + G(a, b, c) + Unsafe.Add(ref words, 10) + 0x02441453, 9);
        c = d + BitOperations.RotateLeft(c + G(d, a, b) + Unsafe.Add(ref words, 15) + 0xD8A1E681, 14);
        b = c + BitOperations.RotateLeft(b + G(c, d, a) + Unsafe.Add(ref words, 4) + 0xE7D3FBC8, 20);
        a = b + BitOperations.RotateLeft(a + G(b, c, d) + Unsafe.Add(ref words, 9) + 0x21E1CDE6, 5);
        d = a + BitOperations.RotateLeft(d + G(a, b, c) + Unsafe.Add(ref words, 14) + 0xC33707D6, 9);
        c = d + BitOperations.RotateLeft(c + G(d, a, b) + Unsafe.Add(ref words, 3) + 0xF4D50D87, 14);
        b = c + BitOperations.RotateLeft(b + G(c, d, a) + Unsafe.Add(ref words, 8) + 0x455A14ED, 20);
        a = b + BitOperations.RotateLeft(a + G(b, c, d) + Unsafe.Add(ref words, 13) + 0xA9E3E905, 5);
        d = a + BitOperations.RotateLeft(d + G(a, b, c) + Unsafe.Add(ref words, 2) + 0xFCEFA3F8, 9);
        c = d + BitOperations.RotateLeft(c + G(d, a, b) + Unsafe.Add(ref words, 7) + 0x676F02D9, 14);
        b = c + BitOperations.RotateLeft(b + G(c, d, a) + Unsafe.Add(ref words, 12) + 0x8D2A4C8A, 20);
        a = b + BitOperations.RotateLeft(a + H(b, c, d) + Unsafe.Add(ref words, 5) + 0xFFFA3942, 4);
        d = a + BitOperations.RotateLeft(d + H(a, b, c) + Unsafe.Add(ref words, 8) + 0x8771F681, 11);
        c = d + BitOperations.RotateLeft(c + H(d, a, b) + Unsafe.Add(ref words, 11) + 0x6D9D6122, 16);
        b = c + BitOperations.RotateLeft(b + H(c, d, a) + Unsafe.Add(ref words, 14) + 0xFDE5380C, 23);
        a = b + BitOperations.RotateLeft(a + H(b, c, d) + Unsafe.Add(ref words, 1) + 0xA4BEEA44, 4);
        d = a + BitOperations.RotateLeft(d + H(a, b, c) + Unsafe.Add(ref words, 4) + 0x4BDECFA9, 11);
        c = d + BitOperations.RotateLeft(c + H(d, a, b) + Unsafe.Add(ref words, 7) + 0xF6BB4B60, 16);
        b = c + BitOperations.RotateLeft(b + H(c, d, a) + Unsafe.Add(ref words, 10) + 0xBEBFBC70, 23);
        a = b + BitOperations.RotateLeft(a + H(b, c, d) + Unsafe.Add(ref words, 13) + 0x289B7EC6, 4);
        d = a + BitOperations.RotateLeft(d + H(a, b, c) + words + 0xEAA127FA, 11);
        c = d + BitOperations.RotateLeft(c + H(d, a, b) + Unsafe.Add(ref words, 3) + 0xD4EF3085, 16);
        b = c + BitOperations.RotateLeft(b + H(c, d, a) + Unsafe.Add(ref words, 6) + 0x04881D05, 23);
        a = b + BitOperations.RotateLeft(a + H(b, c, d) + Unsafe.Add(ref words, 9) + 0xD9D4D039, 4);
        d = a + BitOperations.RotateLeft(d + H(a, b, c) + Unsafe.Add(ref words, 12) + 0xE6DB99E5, 11);
        c = d + BitOperations.RotateLeft(c + H(d, a, b) + Unsafe.Add(ref words, 15) + 0x1FA27CF8, 16);
        b = c + BitOperations.RotateLeft(b + H(c, d, a) + Unsafe.Add(ref words, 2) + 0xC4AC5665, 23);
        a = b + BitOperations.RotateLeft(a + I(b, c, d) + words + 0xF4292244, 6);
        d = a + BitOperations.RotateLeft(d + I(a, b, c) + Unsafe.Add(ref words, 7) + 0x432AFF97, 10);
        c = d + BitOperations.RotateLeft(c + I(d, a, b) + Unsafe.Add(ref words, 14) + 0xAB9423A7, 15);
        b = c + BitOperations.RotateLeft(b + I(c, d, a) + Unsafe.Add(ref words, 5) + 0xFC93A039, 21);
        a = b + BitOperations.RotateLeft(a + I(b, c, d) + Unsafe.Add(ref words, 12) + 0x655B59C3, 6);
        d = a + BitOperations.RotateLeft(d + I(a, b, c) + Unsafe.Add(ref words, 3) + 0x8F0CCC92, 10);
        c = d + BitOperations.RotateLeft(c + I(d, a, b) + Unsafe.Add(ref words, 10) + 0xFFEFF47D, 15);
        b = c + BitOperations.RotateLeft(b + I(c, d, a) + Unsafe.Add(ref words, 1) + 0x85845DD1, 21);
        a = b + BitOperations.RotateLeft(a + I(b, c, d) + Unsafe.Add(ref words, 8) + 0x6FA87E4F, 6);
        d = a + BitOperations.RotateLeft(d + I(a, b, c) + Unsafe.Add(ref words, 15) + 0xFE2CE6E0, 10);
        c = d + BitOperations.RotateLeft(c + I(d, a, b) + Unsafe.Add(ref words, 6) + 0xA3014314, 15);
        b = c + BitOperations.RotateLeft(b + I(c, d, a) + Unsafe.Add(ref words, 13) + 0x4E0811A1, 21);
        a = b + BitOperations.RotateLeft(a + I(b, c, d) + Unsafe.Add(ref words, 4) + 0xF7537E82, 6);
        d = a + BitOperations.RotateLeft(d + I(a, b, c) + Unsafe.Add(ref words, 11) + 0xBD3AF235, 10);
        c = d + BitOperations.RotateLeft(c + I(d, a, b) + Unsafe.Add(ref words, 2) + 0x2AD7D2BB, 15);
        b = c + BitOperations.RotateLeft(b + I(c, d, a) + Unsafe.Add(ref words, 9) + 0xEB86D391, 21);
        _a += a;
        _b += b;
        _c += c;
        _d += d;
    }
}

/// <summary>What MD5 comes to behind whole blocks. Together with what follows it gives the hash: as secret as what was hashed.</summary>
internal readonly record struct Md5State(ulong Low, ulong High);
