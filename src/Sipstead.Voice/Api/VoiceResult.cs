using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Api;

namespace Sipstead.Voice.Api;

/// <summary>What a method answers.</summary>
/// <param name="Body">Null for an empty body.</param>
internal sealed record VoiceResult(int Status, byte[]? Body, string? Location = null, int? RetryAfter = null)
{
    /// <summary>Of the body; JSON where nothing else is said.</summary>
    public string ContentType { get; private init; } = "application/json;charset=UTF-8";

    /// <summary>The name that a browser saves the body by; null for a body that is no file.</summary>
    public string? FileName { get; private init; }

    /// <summary>What writes an answer by itself, with its headers; null for the others.</summary>
    public IResult? Stream { get; private init; }

    /// <summary>A file that is sent as it is read, whole or the parts that Range asks for.</summary>
    /// <param name="content">Seekable; closed when it was sent.</param>
    public static VoiceResult Media(Stream content, string contentType) => new(StatusCodes.Status200OK, null)
    {
        Stream = TypedResults.Stream(content, contentType, enableRangeProcessing: true),
    };

    public static VoiceResult Empty(int status) => new(status, null);

    /// <summary>JSON that is there already.</summary>
    public static VoiceResult Raw(byte[] json) => new(StatusCodes.Status200OK, json);

    public static VoiceResult Json<T>(int status, T body, JsonTypeInfo<T> type, string? location = null) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(body, type), location);

    /// <param name="name">Without characters that a header would have to quote.</param>
    public static VoiceResult File(byte[] body, string contentType, string name) =>
        new(StatusCodes.Status200OK, body) { ContentType = contentType, FileName = name };

    public static implicit operator VoiceResult(VoiceError error) => new(
        error.Status, JsonSerializer.SerializeToUtf8Bytes(new ErrorBody(error.Type, error.Description, error.Id), VoiceJson.Api.ErrorBody), null, error.RetryAfter);
}

/// <summary>One method of a resource.</summary>
/// <param name="Writes">Whether it needs the role to change things.</param>
internal sealed record VoiceMethod(string Verb, bool Writes, Func<VoiceRequest, Task<VoiceResult>> Answer)
{
    public static VoiceMethod Get(Func<VoiceRequest, Task<VoiceResult>> answer) => new(HttpMethods.Get, false, answer);

    public static VoiceMethod Post(Func<VoiceRequest, Task<VoiceResult>> answer) => new(HttpMethods.Post, true, answer);

    public static VoiceMethod Delete(Func<VoiceRequest, Task<VoiceResult>> answer) => new(HttpMethods.Delete, true, answer);

    public static VoiceMethod Put(Func<VoiceRequest, Task<VoiceResult>> answer) => new(HttpMethods.Put, true, answer);
}
