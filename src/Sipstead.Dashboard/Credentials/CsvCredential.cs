using Sipstead.Provisioning.Credentials;

namespace Sipstead.Dashboard.Credentials;

/// <summary>A row of a CSV file of credentials. A cell that is missing or empty is null.</summary>
/// <param name="Line">The line that it begins at, from 1.</param>
/// <param name="Application">Id or name of a voice application.</param>
internal sealed record CsvCredential(int Line, string? UserName, string? Password, string? Hash1, string? Hash1b, string? Realm, string? Application)
{
    /// <summary>The hashes of other algorithms than MD5.</summary>
    public ShaHashes Sha { get; init; } = ShaHashes.None;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"line {Line}: {UserName}");
}
