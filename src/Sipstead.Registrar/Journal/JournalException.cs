namespace Sipstead.Registrar.Journal;

/// <summary>The bindings journal cannot be opened. The message is one line for an operator.</summary>
public sealed class JournalException(string message, Exception inner) : Exception(message, inner)
{
    internal static JournalException Unusable(RegistrarOptions options, Exception cause) =>
        new($"The bindings journal in {options.DataDirectory} cannot be used: {cause.Message}", cause);
}
