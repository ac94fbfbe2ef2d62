using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Extensions;
using Sipstead.Provisioning.Api;

namespace Sipstead.Voice.Api;

/// <summary>Reads what lists of the API have in common (voice-api.md 4.2), and keeps the first error.</summary>
internal sealed class ListParameters(VoiceRequest request)
{
    private const int DefaultPageSize = 1000;
    private const int MaximumTokenLength = 40;

    /// <summary>The first thing wrong; null while all is right.</summary>
    public string? Error { get; private set; }

    /// <summary>Up to a maximum; 1000 when absent.</summary>
    public int PageSize(int maximum)
    {
        if (request.Parameter("pageSize") is not { } size) return DefaultPageSize;
        if (int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= maximum) return number;
        Error ??= $"pageSize must be within the range [1, {maximum}], but was {size}";
        return DefaultPageSize;
    }

    /// <summary>The number that the page begins with; 0 for the first page.</summary>
    public long FirstNumber()
    {
        if (request.Parameter("pageToken") is not { } token) return 0;
        if (Base64Url.IsValid(token) && token.Length < MaximumTokenLength
            && long.TryParse(Base64Url.DecodeFromChars(token), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        Error ??= "Invalid pageToken";
        return 0;
    }

    /// <summary>A time; null when it is absent or wrong.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (request.Parameter(name) is not { } text) return null;
        if (ApiTime.TryParse(text, out var time)) return time;
        Error ??= $"Invalid {name}: must be an ISO 8601 time, such as 2026-01-31T12:00:00.000Z";
        return null;
    }

    /// <summary>The last moment that is told as a time: clients know milliseconds only, and the limit is inclusive.</summary>
    public DateTimeOffset? TimeInclusive(string name) =>
        Time(name) is { } value ? value.AddTicks(TimeSpan.TicksPerMillisecond - 1 - (value.Ticks % TimeSpan.TicksPerMillisecond)) : null;

    /// <summary>Links the page that begins with a number, if there is one.</summary>
    /// <param name="path">Of the list, behind that of the account.</param>
    public void LinkNext(string path, long? number)
    {
        if (number is not { } next) return;
        var token = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        var parameters = new QueryBuilder(request.ParametersWithout("pageToken").Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!)))
        {
            { "pageToken", token },
        };
        request.SetHeader("Link", $"<{request.BaseUrl}/accounts/{request.Account}/{path}{parameters.ToQueryString().ToUriComponent()}>; rel=\"next\"");
    }
}
