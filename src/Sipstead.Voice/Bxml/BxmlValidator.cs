using System.Text;

namespace Sipstead.Voice.Bxml;

/// <summary>Checks documents without a call, as an editor does: relative URLs are fine, since whatever URL delivers the document would resolve them.</summary>
public static class BxmlValidator
{
    /// <summary>Stands for the application's URL.</summary>
    private static readonly Uri AnyUrl = new("http://application.invalid/");

    /// <summary>What is wrong with a document, with its place; empty when it is valid. Reading ends at the first error, so that there is one at most.</summary>
    public static IReadOnlyList<BxmlError> Validate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Validate(Encoding.UTF8.GetBytes(text)) is { } error ? [error] : [];
    }

    /// <summary>What is wrong with a document as it came over the network; null when it is valid.</summary>
    internal static BxmlError? Validate(ReadOnlyMemory<byte> octets) => BxmlReader.Read(octets, AnyUrl, BxmlContext.Call).Error;
}
