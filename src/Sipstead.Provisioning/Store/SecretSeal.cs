using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// Seals what the server must be able to give back, such as passwords of callbacks, so that the database alone, or a backup of it, does not
/// tell them (S-46): AES-256-GCM with a key that is a file of its own. Thread-safe.
/// </summary>
internal sealed class SecretSeal
{
    public const string FileName = "secrets.key";
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly string _path;
    private readonly Lazy<byte[]> _key;

    public SecretSeal(string dataDirectory)
    {
        _path = Path.GetFullPath(Path.Combine(dataDirectory, FileName));
        _key = new Lazy<byte[]>(ReadOrCreate);
    }

    /// <summary>Reads the key file, or makes it.</summary>
    /// <exception cref="ProvisioningStoreException">It cannot be read or written, or holds something else.</exception>
    public void Open() => _ = _key.Value;

    /// <summary>The sealed form of a secret: base64 of nonce, ciphertext and tag.</summary>
    /// <param name="owner">What the secret belongs to; a sealed secret does not open for another owner.</param>
    public string Seal(string secret, string owner)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var octets = new byte[NonceLength + plain.Length + TagLength];
        var nonce = octets.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key.Value, TagLength);
        cipher.Encrypt(nonce, plain, octets.AsSpan(NonceLength, plain.Length), octets.AsSpan(NonceLength + plain.Length), Encoding.UTF8.GetBytes(owner));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(octets);
    }

    /// <summary>The secret; false when it was sealed with another key or for another owner.</summary>
    public bool TryOpen(string text, string owner, [NotNullWhen(true)] out string? secret)
    {
        secret = null;
        var octets = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, octets, out var length) || length < NonceLength + TagLength) return false;
        var plain = new byte[length - NonceLength - TagLength];
        using var cipher = new AesGcm(_key.Value, TagLength);
        try
        {
            cipher.Decrypt(
                octets.AsSpan(0, NonceLength), octets.AsSpan(NonceLength, plain.Length), octets.AsSpan(length - TagLength, TagLength), plain,
                Encoding.UTF8.GetBytes(owner));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        secret = Encoding.UTF8.GetString(plain);
        CryptographicOperations.ZeroMemory(plain);
        return true;
    }

    private byte[] ReadOrCreate()
    {
        try
        {
            if (!File.Exists(_path)) return Create();
            var key = File.ReadAllBytes(_path);
            return key.Length == KeyLength
                ? key
                : throw new ProvisioningStoreException(
                    $"{_path} is not a key of {KeyLength} octets; restore it from a backup. If there is none, delete it and set the callback passwords again.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningStoreException($"The key file {_path} cannot be used: {failure.Message}", failure);
        }
    }

    private byte[] Create()
    {
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        PrivateKeyFile.Write(_path, key);
        return key;
    }
}
