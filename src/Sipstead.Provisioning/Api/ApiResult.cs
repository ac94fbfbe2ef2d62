using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Xml;

namespace Sipstead.Provisioning.Api;

/// <summary>The answer to a request of the account API. The content goes inside the method's root element.</summary>
public sealed class ApiResult
{
    private ApiResult(int status) => Status = status;

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The Location header: an absolute URL, or null.</summary>
    public string? Location { get; private init; }

    /// <summary>What stands in the place of an XML document, or null.</summary>
    internal TextFile? Attachment { get; private init; }

    /// <summary>The error, or null.</summary>
    internal (int? Code, string Description)? Failure { get; private init; }

    /// <summary>Writes what is inside the root element; null with no <see cref="Failure"/> for an empty body.</summary>
    internal Action<XmlWriter>? Content { get; private init; }

    /// <summary>The body of a JSON resource; null with no <see cref="Failure"/> for an empty one.</summary>
    internal byte[]? JsonContent { get; private init; }

    /// <summary>An answer with content.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="content">Writes what is inside the root element.</param>
    /// <param name="location">The Location header, or null.</param>
    public static ApiResult Xml(int status, Action<XmlWriter> content, string? location = null) =>
        new(status) { Content = content, Location = location };

    /// <summary>An answer of a JSON resource.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="location">The Location header, or null.</param>
    public static ApiResult Json<T>(int status, T body, JsonTypeInfo<T> type, string? location = null) =>
        new(status) { JsonContent = JsonSerializer.SerializeToUtf8Bytes(body, type), Location = location };

    /// <summary>An answer without a body.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="location">The Location header, or null.</param>
    public static ApiResult Empty(int status, string? location = null) => new(status) { Location = location };

    /// <summary>200 with a file in the place of an element.</summary>
    /// <param name="mediaType">Without a charset; it is UTF-8.</param>
    /// <param name="name">The name to save it under: letters, digits, dots and hyphens.</param>
    /// <param name="text">What it holds.</param>
    public static ApiResult File(string mediaType, string name, string text) => new(200) { Attachment = new TextFile(mediaType, name, text) };

    /// <summary>303 to <paramref name="location"/>, an absolute URL.</summary>
    public static ApiResult SeeOther(string location) => new(303) { Location = location };

    /// <summary>An error in the envelope of contract 3.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The error code; null where the contract has none.</param>
    /// <param name="description">What is wrong.</param>
    /// <param name="more">Writes what follows ResponseStatus; null for nothing.</param>
    public static ApiResult Error(int status, int? code, string description, Action<XmlWriter>? more = null) =>
        new(status) { Failure = (code, description), Content = more };

    /// <summary>The error of a rule: 400, 404 or 409 by its kind.</summary>
    public static ApiResult Error(ProvisioningError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var status = error.Kind switch
        {
            ProvisioningErrorKind.NotFound => 404,
            ProvisioningErrorKind.Conflict => 409,
            _ => 400,
        };
        return Error(status, error.Code, error.Description);
    }
}
