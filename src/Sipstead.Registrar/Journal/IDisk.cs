namespace Sipstead.Registrar.Journal;

/// <summary>What the journal needs of the disk that holds its files.</summary>
internal interface IDisk
{
    /// <summary>Makes a new file, in the place of one that is there.</summary>
    IDiskFile Create(string path);

    /// <summary>Returns when the disk has all of a file that an earlier run wrote.</summary>
    void Flush(string path);
}
