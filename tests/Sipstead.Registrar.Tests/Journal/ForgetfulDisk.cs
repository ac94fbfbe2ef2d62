using Sipstead.Registrar.Journal;

namespace Sipstead.Registrar.Tests.Journal;

/// <summary>A disk that loses with the power whatever was not flushed, and that can be full or broken.</summary>
internal sealed class ForgetfulDisk : IDisk
{
    private readonly Lock _lock = new();
    private readonly List<ForgetfulFile> _files = [];

    /// <summary>True to let each write fail halfway.</summary>
    public bool IsFull { get; set; }

    /// <summary>True to let each flush fail.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Paths in the order in which they were flushed.</summary>
    public List<string> Flushes { get; } = [];

    public IDiskFile Create(string path)
    {
        var file = new ForgetfulFile(this, path);
        lock (_lock) _files.Add(file);
        return file;
    }

    public void Flush(string path)
    {
        lock (_lock) _files.FindLast(file => file.Path == path)?.Flush();
    }

    /// <summary>What the disk has when the power goes now; given to <see cref="Lose"/> once nobody writes any more.</summary>
    public IReadOnlyList<(string Path, long Length)> Durable()
    {
        lock (_lock) return [.. _files.Select(file => (file.Path, file.Flushed))];
    }

    /// <summary>Takes from the files what was not durable.</summary>
    public static void Lose(IEnumerable<(string Path, long Length)> durable)
    {
        foreach (var (path, length) in durable)
        {
            if (!File.Exists(path)) continue; // replaced, or a snapshot that got its final name
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(Math.Min(file.Length, length));
        }
    }

    private sealed class ForgetfulFile(ForgetfulDisk disk, string path) : IDiskFile
    {
        private readonly DiskFile _file = new(path);
        private long _written;

        public string Path => path;

        public long Flushed { get; private set; }

        public void Write(ReadOnlySpan<byte> octets, long at)
        {
            if (disk.IsFull)
            {
                _file.Write(octets[..(octets.Length / 2)], at);
                throw new IOException("No space left on device");
            }

            _file.Write(octets, at);
            _written = at + octets.Length;
        }

        public void SetLength(long length) => _file.SetLength(length);

        public void BeginFlush(long at, long length) => _file.BeginFlush(at, length);

        public void Flush()
        {
            if (disk.IsBroken) throw new IOException("Input/output error");
            Flushed = _written;
            lock (disk._lock) disk.Flushes.Add(path);
        }

        public void Dispose() => _file.Dispose();
    }
}
