using System.Globalization;

namespace Sipstead.Registrar.Journal;

/// <summary>The files of the bindings journal: <c>bindings/0000000001.snapshot</c> and <c>.journal</c>. A snapshot counts once it has its final name.</summary>
internal sealed class JournalFiles
{
    public const string FolderName = "bindings";

    private const string SnapshotEnding = ".snapshot";
    private const string JournalEnding = ".journal";
    private const string UnfinishedEnding = ".unfinished";

    private const long RemovedAtOnce = 4L * 1024 * 1024;

    private readonly IDisk _disk;

    public JournalFiles(string dataDirectory, IDisk disk)
    {
        _disk = disk;
        Folder = Path.Combine(dataDirectory, FolderName);
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    /// <summary>Numbers of the journals there are, lowest first.</summary>
    public IReadOnlyList<long> Journals => NumbersOf(JournalEnding);

    /// <summary>Numbers of the complete snapshots, lowest first.</summary>
    public IReadOnlyList<long> Snapshots => NumbersOf(SnapshotEnding);

    public string JournalPath(long number) => PathOf(number, JournalEnding);

    public string SnapshotPath(long number) => PathOf(number, SnapshotEnding);

    public JournalFile CreateJournal(long number) => Create(JournalPath(number), number);

    public JournalFile CreateSnapshot(long number) => Create(PathOf(number, SnapshotEnding + UnfinishedEnding), number);

    /// <summary>Returns when the disk has the names of the files.</summary>
    public void FlushNames() => FolderFlush.Run(Folder);

    /// <summary>Returns when the disk has all that earlier runs wrote.</summary>
    public void FlushJournals()
    {
        foreach (var number in Journals) _disk.Flush(JournalPath(number));
        FlushNames();
    }

    /// <summary>Removes the snapshots that were being written when earlier runs ended.</summary>
    public void RemoveUnfinished()
    {
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + UnfinishedEnding)) File.Delete(path);
    }

    /// <summary>Copies the newest snapshot and the journals that go on from it into an empty folder.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="lastLength">How much of the last journal; null for all of it.</param>
    public void CopyTo(string folder, long? lastLength = null)
    {
        var snapshot = Snapshots.Count > 0 ? Snapshots[^1] : 0;
        if (snapshot > 0) Copy(SnapshotPath(snapshot), folder, null);
        var journals = Journals.Where(number => number >= snapshot).ToList();
        foreach (var number in journals) Copy(JournalPath(number), folder, number == journals[^1] ? lastLength : null);
    }

    /// <summary>Gives a finished snapshot its name, and removes what it replaces.</summary>
    /// <param name="pace">Of the removal: to free hundreds of megabytes at once takes a core for tens of milliseconds.</param>
    public void Publish(JournalFile snapshot, Pace pace)
    {
        snapshot.Dispose(); // flushes to the disk first
        File.Move(snapshot.Path, SnapshotPath(snapshot.Number), overwrite: true);
        FlushNames();
        foreach (var number in Snapshots.Where(n => n < snapshot.Number)) Remove(SnapshotPath(number), pace);
        foreach (var number in Journals.Where(n => n < snapshot.Number)) Remove(JournalPath(number), pace);
    }

    private static void Copy(string path, string folder, long? length)
    {
        using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var to = new FileStream(Path.Combine(folder, Path.GetFileName(path)), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var buffer = new byte[128 * 1024];
        for (var left = length ?? from.Length; left > 0;)
        {
            var read = from.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0) return;
            to.Write(buffer, 0, read);
            left -= read;
        }
    }

    /// <summary>Shortens a file part by part, and removes what is left.</summary>
    private static void Remove(string path, Pace pace)
    {
        pace.Begin();
        using (var file = File.OpenHandle(path, access: FileAccess.Write))
        {
            for (var length = RandomAccess.GetLength(file) - RemovedAtOnce; length > 0; length -= RemovedAtOnce)
            {
                RandomAccess.SetLength(file, length);
                pace.Rest();
            }
        }

        File.Delete(path);
    }

    private JournalFile Create(string path, long number) => new(path, number, _disk.Create(path));

    private string PathOf(long number, string ending) => Path.Combine(Folder, number.ToString("D10", CultureInfo.InvariantCulture) + ending);

    private List<long> NumbersOf(string ending)
    {
        var numbers = new List<long>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*" + ending))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) numbers.Add(number);
        }

        numbers.Sort();
        return numbers;
    }
}
