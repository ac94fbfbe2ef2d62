using System.Text.Json.Serialization;

namespace Sipstead.Server.Backup;

/// <summary>The first entry of an archive: what else is in it.</summary>
/// <param name="Format">The layout of the archive.</param>
/// <param name="Version">The version of the server that made it.</param>
/// <param name="Time">When.</param>
/// <param name="HasDatabase">False when the database is a server of its own.</param>
/// <param name="Files">The other entries, in their order.</param>
internal sealed record BackupManifest(int Format, string Version, DateTimeOffset Time, bool HasDatabase, IReadOnlyList<BackupFile> Files)
{
    public const string Name = "manifest.json";

    public const int CurrentFormat = 1;

    /// <summary>In octets.</summary>
    public const int MaximumLength = 1024 * 1024;
}

/// <summary>A file of an archive.</summary>
/// <param name="Name">Below the data folder, with slashes.</param>
/// <param name="Length">In octets.</param>
/// <param name="Sha256">In hexadecimal digits, lower case.</param>
internal sealed record BackupFile(string Name, long Length, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
