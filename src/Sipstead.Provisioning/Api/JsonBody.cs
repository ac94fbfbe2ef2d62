using System.Text.Json;
using System.Text.Unicode;

namespace Sipstead.Provisioning.Api;

/// <summary>Reads the body of a JSON request: an object, of bounded depth, in text that can be read.</summary>
public static class JsonBody
{
    private const int MaximumDepth = 16;

    // A comma too many is forgiven: a request that Bandwidth's own guide prints has one.
    private static readonly JsonDocumentOptions DocumentOptions = new() { AllowTrailingCommas = true, MaxDepth = MaximumDepth };
    private static readonly JsonReaderOptions ReaderOptions = new() { AllowTrailingCommas = true, MaxDepth = MaximumDepth };

    /// <summary>The object's properties, or what is wrong with it.</summary>
    public static (JsonFields? Fields, string? Error) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (!HoldsTextOnly(body.Span)) return (null, "The request body holds text that is not Unicode");
            var document = JsonDocument.Parse(body, DocumentOptions).RootElement;
            return document.ValueKind == JsonValueKind.Object ? (new JsonFields(document), null) : (null, "The request body is not a JSON object");
        }
        catch (JsonException e)
        {
            return (null, $"The request body is not valid JSON, line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}");
        }
    }

    /// <summary>False when a string cannot be read: octets that are not UTF-8, or half a surrogate pair. The reader of the document would throw later.</summary>
    private static bool HoldsTextOnly(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return false;
        var reader = new Utf8JsonReader(json, ReaderOptions);
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped) reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
