namespace Sipstead.Registrar.Journal;

/// <summary>What a journal needs of a file that it writes. What was not flushed is lost when the machine loses its power.</summary>
internal interface IDiskFile : IDisposable
{
    void Write(ReadOnlySpan<byte> octets, long at);

    void SetLength(long length);

    /// <summary>Begins to send a part to the disk, and waits for nothing: what is under way already, <see cref="Flush"/> has not to do at once.</summary>
    void BeginFlush(long at, long length);

    /// <summary>Returns when the disk has all that was written.</summary>
    void Flush();
}
