using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sipstead.Provisioning.Recordings;
using Sipstead.Registrar.Journal;

namespace Sipstead.Voice.Recordings;

/// <summary>
/// The files of recordings: a folder for each account, for the server's user alone. A file gets its name when it is whole; what is being written ends in
/// <c>.unfinished</c>. Names are made of ids that this server has given, never of what a client sent.
/// </summary>
internal sealed class RecordingFiles(string directory)
{
    private const string Unfinished = ".unfinished";
    private const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder of all accounts.</summary>
    public string Directory => directory;

    /// <summary>Where a recording's file lies, or will.</summary>
    public string PathOf(RecordingDetails recording, RecordingFormat format) => NameIn(recording, format == RecordingFormat.Mp3 ? ".mp3" : ".wav");

    /// <summary>Where its transcription lies, or will.</summary>
    public string TranscriptOf(RecordingDetails recording) => NameIn(recording, ".json");

    /// <summary>Where a piece of a call lies while it is transcribed. It is never finished: what the end of the process leaves, the next start deletes.</summary>
    public string PathOfPiece(string accountId, string name) => UnfinishedOf(Path.Combine(directory, accountId, name + ".wav"));

    /// <summary>The name of a file until it is whole.</summary>
    public static string UnfinishedOf(string path) => path + Unfinished;

    /// <summary>Makes the file that a recording is written into.</summary>
    public FileStream Create(RecordingDetails recording) => Create(UnfinishedOf(PathOf(recording, RecordingFormat.Wav)), bufferSize: 0);

    /// <summary>Makes a file for the server's user alone; one that is there is made empty.</summary>
    public static FileStream Create(string path, int bufferSize = 4096)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(folder);
        else System.IO.Directory.CreateDirectory(folder, PrivateFolder);
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile;
        return new FileStream(path, options);
    }

    /// <summary>Gives a whole file its name, once the disk has it. Returns its octets.</summary>
    public static long Keep(string path)
    {
        long length;
        using (var file = new FileStream(UnfinishedOf(path), FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
            length = file.Length;
        }

        File.Move(UnfinishedOf(path), path, overwrite: true);
        FolderFlush.Run(Path.GetDirectoryName(path)!);
        return length;
    }

    /// <summary>Opens a recording's audio. False when it is not there.</summary>
    public bool TryOpen(RecordingDetails recording, [NotNullWhen(true)] out FileStream? file)
    {
        file = null;
        if (!recording.HasMedia) return false;
        try
        {
            file = new FileStream(
                PathOf(recording, recording.Format), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
            return true;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Deletes a recording's audio, whole or not.</summary>
    public void DeleteAudio(RecordingDetails recording)
    {
        foreach (var format in Enum.GetValues<RecordingFormat>())
        {
            Delete(PathOf(recording, format));
            Delete(UnfinishedOf(PathOf(recording, format)));
        }
    }

    /// <summary>Deletes a recording's transcription.</summary>
    public void DeleteTranscript(RecordingDetails recording) => Delete(TranscriptOf(recording));

    /// <summary>Deletes what was never finished, of all accounts.</summary>
    public void DeleteUnfinished()
    {
        if (!System.IO.Directory.Exists(directory)) return;
        foreach (var file in System.IO.Directory.EnumerateFiles(directory, "*" + Unfinished, SearchOption.AllDirectories)) Delete(file);
    }

    /// <summary>Deletes a file if it is there.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The account has no recording yet.
        }
    }

    private string NameIn(RecordingDetails recording, string extension) =>
        Path.Combine(directory, recording.AccountId.ToString(CultureInfo.InvariantCulture), recording.RecordingId + extension);
}
