using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sipstead.Interop.Tests.Sdk;

/// <summary>A line that a script prints: a fact that it checked, or what a phone shall do.</summary>
internal sealed record Fact
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>What is to hold; null for a line to a phone.</summary>
    [JsonPropertyName("fact")]
    public string? Name { get; init; }

    public bool Holds { get; init; }

    public JsonElement Expected { get; init; }

    public JsonElement Actual { get; init; }

    /// <summary>User of the phone that shall do something.</summary>
    public string? Phone { get; init; }

    /// <summary>Keys that it shall press.</summary>
    public string? Press { get; init; }

    /// <summary>What it shall dial. Without this and without keys it shall hang up.</summary>
    public string? Dial { get; init; }

    /// <summary>Reads a line; null when it is none of these.</summary>
    public static Fact? Read(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<Fact>(line, Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => $"{Name}\nexpected: {Expected}\n  actual: {Actual}";
}

/// <summary>All that a script told.</summary>
/// <param name="Facts">By name.</param>
/// <param name="Words">Everything printed, for a failed test's message.</param>
internal sealed record ScriptReport(IReadOnlyDictionary<string, Fact> Facts, string Words);
