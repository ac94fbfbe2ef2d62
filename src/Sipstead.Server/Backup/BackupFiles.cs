using Sipstead.Provisioning.Store;
using Sipstead.Registrar;

namespace Sipstead.Server.Backup;

/// <summary>Which files of the data folder are backed up; recordings are not, as they may be very large. An archive may hold no other names.</summary>
internal static class BackupFiles
{
    public const string Bindings = RegistrarService.BindingsFolder;

    private const string Keys = "keys";
    private const int NumberLength = 10;
    private const long SmallLength = 4 * 1024 * 1024;

    /// <summary>The keys, and what is small.</summary>
    private static readonly string[] Small =
    [
        "secrets.key", "tokens.key", "nonce.key", "zone-serial", "ended-sessions", "initial-password", "demo-passwords.json", "tls/authority.pem", "tls/authority.key",
    ];

    /// <summary>The names of the small files that a data folder has. Throws <see cref="BackupException"/> for one that is a link.</summary>
    public static IReadOnlyList<string> SmallIn(string dataDirectory)
    {
        foreach (var folder in (string[])["tls", Keys, Bindings]) RefuseLink(new DirectoryInfo(Path.Combine(dataDirectory, folder)));
        var keyFolder = new DirectoryInfo(Path.Combine(dataDirectory, Keys));
        var keys = keyFolder.Exists ? keyFolder.GetFiles().Select(file => $"{Keys}/{file.Name}").Where(IsSessionKey).Order(StringComparer.Ordinal).ToArray() : [];
        return [.. Small.Concat(keys).Where(name => Exists(new FileInfo(Path.Combine(dataDirectory, name))))];
    }

    /// <summary>Whether an archive may hold a file of this name and length.</summary>
    public static bool IsAllowed(string name, long length) =>
        length >= 0 && (name == ProvisioningBackup.FileName || IsBindings(name) || (length <= SmallLength && (Small.Contains(name) || IsSessionKey(name))));

    /// <summary>Throws <see cref="BackupException"/> for a symbolic link: what it leads to is not the server's.</summary>
    public static void RefuseLink(FileSystemInfo file)
    {
        if (file.LinkTarget is not null) throw new BackupException($"{file.FullName} is a symbolic link; put what it leads to in its place.");
    }

    private static bool Exists(FileInfo file)
    {
        RefuseLink(file);
        return file.Exists;
    }

    /// <summary>Such as <c>bindings/0000000001.snapshot</c>.</summary>
    private static bool IsBindings(string name) =>
        name.Split('/') is [Bindings, var file] && file.Split('.') is [{ Length: NumberLength } number, "snapshot" or "journal"] && number.All(char.IsAsciiDigit);

    /// <summary>Such as <c>keys/key-5d1a....xml</c>, which signs the cookies of the dashboard.</summary>
    private static bool IsSessionKey(string name) =>
        name.Split('/') is [Keys, var file] && file.StartsWith("key-", StringComparison.Ordinal) && file.EndsWith(".xml", StringComparison.Ordinal)
        && Guid.TryParseExact(file.AsSpan(4..^4), "D", out _);
}
