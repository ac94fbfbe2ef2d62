using System.Text.Json.Serialization;

namespace Sipstead.Provisioning.Api;

/// <summary>Body of every error of a JSON resource, as the Voice API has them (voice-api.md).</summary>
/// <param name="Type">What kind of error it is.</param>
/// <param name="Description">What is wrong, in words.</param>
/// <param name="Id">What it is about; written as null too.</param>
public sealed record ErrorBody(string Type, string Description, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Id);
