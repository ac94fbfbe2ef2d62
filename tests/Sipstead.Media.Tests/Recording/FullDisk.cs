namespace Sipstead.Media.Tests.Recording;

/// <summary>A file on a disk that takes so many octets and no more.</summary>
internal sealed class FullDisk(long room) : MemoryStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Position + buffer.Length > room) throw new IOException("No space left on device");
        base.Write(buffer);
    }
}
