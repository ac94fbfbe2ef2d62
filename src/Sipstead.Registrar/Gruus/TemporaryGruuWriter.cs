using System.Buffers.Binary;
using System.Security.Cryptography;
using Sipstead.Sip.Writing;

namespace Sipstead.Registrar.Gruus;

/// <summary>Writes the user parts of temporary GRUUs without allocating. Not thread-safe: one for each receiving loop.</summary>
internal sealed class TemporaryGruuWriter(ICryptoTransform cipher)
{
    private readonly byte[] _block = new byte[TemporaryGruus.BlockLength];

    /// <summary>Writes <c>tgruu.</c> and 32 digits: another user part for each CSeq, the same for a repeat.</summary>
    public void Write(SipWriter writer, long credentialId, long epoch, uint cseq)
    {
        TemporaryGruus.WriteBlock(_block, credentialId, epoch, cseq);
        cipher.TransformBlock(_block, 0, _block.Length, _block, 0);
        writer.Text(TemporaryGruus.Prefix);
        writer.Hex(BinaryPrimitives.ReadUInt64BigEndian(_block));
        writer.Hex(BinaryPrimitives.ReadUInt64BigEndian(_block.AsSpan(sizeof(ulong))));
    }
}
