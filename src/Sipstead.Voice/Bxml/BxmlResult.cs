namespace Sipstead.Voice.Bxml;

/// <summary>What came of reading: a document, or the first thing that is wrong with it. Exactly one of the two is there.</summary>
public sealed record BxmlResult(BxmlDocument? Document, BxmlError? Error);
