using System.Text;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tokens;

/// <summary>
/// The keys of access tokens, kept in the data folder so that tokens hold over a restart. A key signs for a day; then a new one takes
/// its place, and it verifies on until its last token has ended.
/// </summary>
internal sealed class TokenKeys
{
    public const string FileName = "tokens.key";
    private static readonly TimeSpan SigningTime = TimeSpan.FromDays(1);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<TokenKeys> _log;
    private readonly Lock _lock = new();
    private volatile IReadOnlyList<TokenKey> _newestFirst = [];

    public TokenKeys(ProvisioningOptions options, TimeProvider time, ILogger<TokenKeys> log)
    {
        _path = Path.GetFullPath(Path.Combine(options.DataDirectory, FileName));
        _time = time;
        _log = log;
    }

    /// <summary>Reads the file, if there is one.</summary>
    /// <exception cref="ProvisioningStoreException">It cannot be read, or holds something else.</exception>
    public void Open()
    {
        try
        {
            if (!File.Exists(_path)) return;
            var keys = File.ReadAllLines(_path).Select(TokenKey.Parse).ToArray();
            _newestFirst = Array.IndexOf(keys, null) < 0
                ? [.. keys.OfType<TokenKey>()]
                : throw new ProvisioningStoreException($"{_path} does not hold keys of access tokens; delete it, and clients ask for new tokens.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningStoreException($"The key file {_path} cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>The key to sign with.</summary>
    public TokenKey Current()
    {
        var keys = _newestFirst;
        return keys.Count > 0 && IsSigning(keys[0]) ? keys[0] : Rotate();
    }

    /// <summary>The key whose tokens begin like this; null when there is none any more.</summary>
    public TokenKey? Find(ReadOnlySpan<char> header)
    {
        foreach (var key in _newestFirst)
        {
            if (header.SequenceEqual(key.Header)) return key;
        }

        return null;
    }

    private bool IsSigning(TokenKey key) => _time.GetUtcNow() - key.Made < SigningTime;

    private TokenKey Rotate()
    {
        lock (_lock)
        {
            var keys = _newestFirst;
            if (keys.Count > 0 && IsSigning(keys[0])) return keys[0];

            // A key signs until the next is made, so the last token of the newest ends a lifetime from now.
            var now = _time.GetUtcNow();
            var successors = keys.Take(1).Select(_ => now).Concat(keys.Select(key => key.Made));
            var verifying = keys.Zip(successors).Where(one => now - one.Second < AccessTokens.Lifetime).Select(one => one.First);
            TokenKey[] next = [TokenKey.Create(now), .. verifying];
            _newestFirst = next;
            Save(next);
            return next[0];
        }
    }

    private void Save(IReadOnlyList<TokenKey> keys)
    {
        try
        {
            PrivateKeyFile.Write(_path, Encoding.ASCII.GetBytes(string.Concat(keys.Select(key => key.Format() + "\n"))));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            ProvisioningLog.TokenKeysNotSaved(_log, _path, failure);
        }
    }
}
