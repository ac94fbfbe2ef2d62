using System.Security.Cryptography;
using Sipstead.Sip.Digest;

namespace Sipstead.Registrar;

/// <summary>
/// The key of the nonces, kept in the data folder so that a phone's nonce from before a restart is known as stale, which phones take in their stride,
/// instead of as wrong.
/// </summary>
internal static class NonceKeyFile
{
    /// <summary>Reads the key, or makes one. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static byte[] ReadOrCreate(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "nonce.key");
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: NonceFactory.KeyLength } key) return key;
        var fresh = RandomNumberGenerator.GetBytes(NonceFactory.KeyLength);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new FileStream(path, options);
        file.Write(fresh);
        return fresh;
    }
}
