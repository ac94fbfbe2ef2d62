using System.Globalization;
using System.Text.Json;

namespace Sipstead.Provisioning.Api;

/// <summary>
/// Reads the properties of a JSON request and keeps the first error, in the words of the Voice API. Null is as absent; properties that
/// nobody asks for are ignored.
/// </summary>
public sealed class JsonFields(JsonElement body)
{
    private const int MaximumUrlLength = 2048;

    /// <summary>The first thing wrong; null while all is right.</summary>
    public string? Error { get; private set; }

    /// <summary>Notes what is wrong, unless something was before.</summary>
    public void Fail(string description) => Error ??= description;

    /// <summary>True when the property is there, also as null.</summary>
    public bool IsNull(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>A string; null when it is absent or wrong.</summary>
    public string? Text(string name, int maximumLength)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) Fail($"Invalid {name}: must be a string");
        else if (value.GetString() is { } text && text.Length <= maximumLength) return text;
        else Fail($"Invalid {name}: must contain at most {maximumLength} characters");
        return null;
    }

    /// <summary>A number within a range, decimals allowed.</summary>
    public double Number(string name, double fallback, double minimum, double maximum)
    {
        if (!TryGet(name, out var value)) return fallback;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) Fail($"Invalid {name}: must be a number");
        else if (number < minimum || number > maximum)
            Fail(string.Create(CultureInfo.InvariantCulture, $"{name} must be within the range [{minimum}, {maximum}], but was {number}"));
        else return number;
        return fallback;
    }

    /// <summary>A whole number within a range.</summary>
    public int WholeNumber(string name, int fallback, int minimum, int maximum)
    {
        var number = Number(name, fallback, minimum, maximum);
        if (number != Math.Floor(number)) Fail($"Invalid {name}: must be a whole number");
        return (int)number;
    }

    /// <summary>An id: a whole number of 1 or more; null when it is absent or wrong.</summary>
    public long? Id(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var id) && id >= 1) return id;
        Fail($"Invalid {name}: must be an id");
        return null;
    }

    /// <summary>A list of strings; null when it is absent or wrong.</summary>
    public IReadOnlyList<string>? Texts(string name, int maximumCount, int maximumLength)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array) Fail($"Invalid {name}: must be a list of strings");
        else if (value.GetArrayLength() > maximumCount) Fail($"Invalid {name}: must hold at most {maximumCount} strings");
        else if (value.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String || one.GetString()!.Length > maximumLength))
            Fail($"Invalid {name}: must be a list of strings of at most {maximumLength} characters");
        else return [.. value.EnumerateArray().Select(one => one.GetString()!)];
        return null;
    }

    /// <summary>An object; null when it is absent or wrong.</summary>
    public JsonFields? Object(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Object) return new JsonFields(value);
        Fail($"Invalid {name}: must be an object");
        return null;
    }

    /// <summary>A list of objects; null when it is absent or wrong.</summary>
    public IReadOnlyList<JsonFields>? Objects(string name, int maximumCount)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.Object))
            Fail($"Invalid {name}: must be a list of objects");
        else if (value.GetArrayLength() > maximumCount) Fail($"Invalid {name}: must hold at most {maximumCount} objects");
        else return [.. value.EnumerateArray().Select(one => new JsonFields(one))];
        return null;
    }

    /// <summary>True or false; absent counts as false.</summary>
    public bool Flag(string name)
    {
        if (!TryGet(name, out var value)) return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Fail($"Invalid {name}: must be true or false");
        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>An absolute http or https URL; null when absent or wrong.</summary>
    public Uri? Url(string name)
    {
        if (Text(name, MaximumUrlLength) is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)) return url;
        Fail($"Invalid {name}: only http and https are allowed");
        return null;
    }

    /// <summary>True for GET. Absent: POST.</summary>
    public bool IsGet(string name, string urlName)
    {
        var text = Text(name, 10);
        if (text is not (null or "GET" or "POST")) Fail($"Invalid {urlName} method. Supported methods: [POST, GET]");
        return text == "GET";
    }

    /// <summary>True when the property is there and not null.</summary>
    public bool Has(string name) => TryGet(name, out _);

    private bool TryGet(string name, out JsonElement value) => body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
