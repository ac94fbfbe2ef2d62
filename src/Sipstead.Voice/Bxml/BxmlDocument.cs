using Sipstead.Voice.Bxml.Runs;

namespace Sipstead.Voice.Bxml;

/// <summary>A document that was read and validated whole (bxml.md 1).</summary>
/// <param name="Verbs">In document order. Empty: the call is hung up.</param>
/// <param name="BaseUrl">The URL that delivered it, against which its relative URLs are resolved; null when there is none (PUT bxml).</param>
public sealed record BxmlDocument(IReadOnlyList<Verb> Verbs, Uri? BaseUrl)
{
    /// <summary>Notes what runs; null when nobody will look.</summary>
    internal LoggedDocument? Log { get; init; }
}

/// <summary>A valid document that no webhook answered, with the octets that it was read from.</summary>
internal sealed record GivenBxml(BxmlDocument Document, ReadOnlyMemory<byte> Octets);

/// <summary>Why a document is not valid: where, and what.</summary>
/// <param name="Line">From 1; 0 when it concerns the whole document.</param>
/// <param name="Column">From 1; 0 when it concerns the whole document.</param>
/// <param name="Verb">The verb, or null.</param>
/// <param name="Attribute">The attribute, or null.</param>
/// <param name="Message">One sentence that names all of it and says what would be right.</param>
public sealed record BxmlError(int Line, int Column, string? Verb, string? Attribute, string Message);
