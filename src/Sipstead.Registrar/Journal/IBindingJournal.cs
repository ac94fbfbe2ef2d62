namespace Sipstead.Registrar.Journal;

/// <summary>Where changes of bindings are made durable.</summary>
internal interface IBindingJournal
{
    /// <summary>Appends one batch, whose header is written here. False when it could not be written; the journal is then as it was before.</summary>
    /// <param name="batch">Room for the header (<see cref="JournalFormat.BatchHeaderLength"/>), and the records.</param>
    bool TryAppend(Span<byte> batch);
}
