using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sipstead.Provisioning.Api;

namespace Sipstead.Voice.Api;

/// <summary>A request of an authenticated user who may do what is asked for in the account.</summary>
internal sealed class VoiceRequest(HttpContext context, long accountId, string origin)
{
    private const string Prefix = "/api/v2";
    private const int MaximumBodyLength = 256 * 1024;

    public long AccountId { get; } = accountId;

    public string Account { get; } = accountId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Begins the URLs in answers and webhooks, as the client sees this server.</summary>
    public string BaseUrl { get; } = origin + Prefix;

    /// <summary>An argument of the path.</summary>
    public string Argument(string name) => Convert.ToString(context.GetRouteValue(name), CultureInfo.InvariantCulture) ?? "";

    /// <summary>A parameter of the query; null when it is missing or empty.</summary>
    public string? Parameter(string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>Every parameter of the query but one, to be repeated in the URL of another page.</summary>
    public IEnumerable<KeyValuePair<string, string?>> ParametersWithout(string name) =>
        from parameter in context.Request.Query
        where !parameter.Key.Equals(name, StringComparison.OrdinalIgnoreCase)
        from value in parameter.Value
        select new KeyValuePair<string, string?>(parameter.Key, value);

    public void SetHeader(string name, string value) => context.Response.Headers[name] = value;

    /// <summary>True when the body's media type is one of these, whatever its parameters.</summary>
    public bool HasContentType(params ReadOnlySpan<string> types)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        foreach (var one in types)
        {
            if (one.Equals(type, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Which of these media types the client wants most by its Accept; the first when it names none of them.</summary>
    public string Preferred(params ReadOnlySpan<string> types)
    {
        var (best, quality) = (types[0], 0.0);
        foreach (var accepted in context.Request.GetTypedHeaders().Accept)
        {
            foreach (var type in types)
            {
                if (accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) && (accepted.Quality ?? 1) > quality)
                    (best, quality) = (type, accepted.Quality ?? 1);
            }
        }

        return best;
    }

    /// <summary>Ends when the client goes away.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    public string? ContentType => context.Request.ContentType;

    /// <summary>Reads a JSON object, or the error to answer.</summary>
    public async Task<(JsonFields? Fields, VoiceError? Error)> ReadJsonAsync()
    {
        if (!HasContentType("application/json")) return (null, VoiceError.MediaType(ContentType));
        if (await ReadBodyAsync() is not { } body) return (null, VoiceError.Invalid($"The request body is longer than {MaximumBodyLength} octets"));
        var (fields, error) = JsonBody.Read(body);
        return (fields, error is null ? null : VoiceError.Invalid(error));
    }

    /// <summary>The body; null when it is too long.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadBodyAsync()
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await context.Request.Body.ReadAsync(body.GetMemory(4096), context.RequestAborted);
            if (read == 0) return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > MaximumBodyLength) return null;
        }
    }
}
