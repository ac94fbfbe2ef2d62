namespace Sipstead.Registrar.Journal;

/// <summary>Where changes of bindings are made durable.</summary>
internal interface IBindingJournal
{
    /// <summary>Appends the records of one batch. False when they could not be written; the journal is then as it was before.</summary>
    bool TryAppend(ReadOnlySpan<byte> records);
}
