using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sipstead.Media.Srtp;

/// <summary>AES in counter mode (RFC 3711 4.1.1), in place and without allocating. Belongs to one thread at a time.</summary>
internal sealed class CounterCipher : IDisposable
{
    public const int BlockSize = 16;

    /// <summary>Blocks made by one call of the framework; more than a packet of 60 ms has.</summary>
    private const int Blocks = 32;

    private readonly ICryptoTransform _aes;
    private readonly byte[] _stream = new byte[Blocks * BlockSize];

    public CounterCipher(ReadOnlySpan<byte> key)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
#pragma warning disable CA5358 // counter mode is made of single blocks: each input is used once
        aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        aes.Padding = PaddingMode.None;
        _aes = aes.CreateEncryptor();
    }

    /// <summary>Encrypts or decrypts.</summary>
    /// <param name="octets">At most 2^16 blocks.</param>
    /// <param name="beginning">The first 14 octets of each counter block.</param>
    /// <param name="counter">The last two of the first block.</param>
    public void Apply(Span<byte> octets, ReadOnlySpan<byte> beginning, ushort counter)
    {
        while (!octets.IsEmpty)
        {
            var count = Math.Min(octets.Length, _stream.Length);
            var length = (count + BlockSize - 1) & ~(BlockSize - 1);
            for (var block = 0; block < length; block += BlockSize)
            {
                beginning.CopyTo(_stream.AsSpan(block));
                BinaryPrimitives.WriteUInt16BigEndian(_stream.AsSpan(block + beginning.Length), counter++);
            }

            _aes.TransformBlock(_stream, 0, length, _stream, 0);
            Combine(octets[..count], _stream);
            octets = octets[count..];
        }
    }

    public void Dispose()
    {
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_stream);
    }

    private static void Combine(Span<byte> octets, ReadOnlySpan<byte> stream)
    {
        var i = 0;
        for (; i + sizeof(ulong) <= octets.Length; i += sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(octets[i..]) ^ BinaryPrimitives.ReadUInt64LittleEndian(stream[i..]);
            BinaryPrimitives.WriteUInt64LittleEndian(octets[i..], word);
        }

        for (; i < octets.Length; i++) octets[i] ^= stream[i];
    }
}
