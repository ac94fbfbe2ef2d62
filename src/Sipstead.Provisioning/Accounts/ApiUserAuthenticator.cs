using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// Checks names and passwords of API users (ruling 24): one verification at a time per core, a bounded number waiting, then
/// <see cref="ApiAuthenticationOutcome.Overloaded"/>; a success holds for 60 s under a keyed hash of name and password. An unknown
/// user costs the same as a known one.
/// </summary>
public sealed class ApiUserAuthenticator : IDisposable
{
    private const int DefaultMaximumWaiting = 64;
    private const int MaximumCached = 10_000;
    private static readonly TimeSpan CacheTime = TimeSpan.FromSeconds(60);

    private readonly ProvisioningStore _store;
    private readonly TimeProvider _time;
    private readonly ProvisioningMetrics _metrics;
    private readonly int _maximumWaiting;
    private readonly byte[] _cacheSecret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<UInt128, Success> _successes = new();
    private readonly ConcurrentDictionary<UInt128, Task<ApiAuthentication>> _running = new();
    private readonly ConcurrentDictionary<string, Success> _found = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private long _generation;
    private int _waiting;

    internal ApiUserAuthenticator(
        ProvisioningStore store, TimeProvider time, ProvisioningMetrics metrics, int maximumWaiting = DefaultMaximumWaiting)
    {
        _maximumWaiting = maximumWaiting;
        _store = store;
        _time = time;
        _metrics = metrics;
    }

    /// <summary>Checks a name and password. Equal requests at the same time share one verification.</summary>
    public async ValueTask<ApiAuthentication> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);
        if (userName.Length > ApiUserRules.MaximumNameLength || password.Length > ApiUserRules.MaximumPasswordLength)
            return Counted(new ApiAuthentication(ApiAuthenticationOutcome.Refused));

        var key = CacheKey(userName, password);
        if (Remembered(_successes, key) is { } known) return new ApiAuthentication(ApiAuthenticationOutcome.Accepted, known);

        if (!_running.TryGetValue(key, out var verification))
        {
            var mine = new TaskCompletionSource<ApiAuthentication>(TaskCreationOptions.RunContinuationsAsynchronously);
            verification = _running.GetOrAdd(key, mine.Task);
            if (verification == mine.Task) await VerifyAsync(key, userName, password, mine).ConfigureAwait(false);
        }

        return Counted(await verification.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    public void Dispose() => _cores.Dispose();

    /// <summary>A user as stored now, for who needs no password any more; null when there is none. Remembered as successes are.</summary>
    internal async ValueTask<ApiPrincipal?> FindAsync(string userName, CancellationToken cancellationToken)
    {
        if (Remembered(_found, userName) is { } known) return known;
        var generation = Interlocked.Read(ref _generation);
        var user = await ReadAsync(userName, cancellationToken).ConfigureAwait(false);
        if (user is null) return null;
        var principal = new ApiPrincipal(user);
        Remember(_found, userName, principal, generation);
        return principal;
    }

    /// <summary>Whether this name and password were right within the last minute: no hash is computed to know it.</summary>
    internal bool IsRemembered(string userName, string password) => Remembered(_successes, CacheKey(userName, password)) is not null;

    /// <summary>Drops what is remembered: a password or role has changed.</summary>
    internal void Forget()
    {
        Interlocked.Increment(ref _generation);
        _successes.Clear();
        _found.Clear();
    }

    private ApiPrincipal? Remembered<TKey>(ConcurrentDictionary<TKey, Success> users, TKey key)
        where TKey : notnull =>
        users.TryGetValue(key, out var success) && _time.GetTimestamp() < success.ValidUntil ? success.Principal : null;

    private async Task VerifyAsync(UInt128 key, string userName, string password, TaskCompletionSource<ApiAuthentication> completion)
    {
        try
        {
            completion.SetResult(await VerifyInTurnAsync(key, userName, password).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // whatever failed is told to everybody who shares this verification
        catch (Exception failure)
#pragma warning restore CA1031
        {
            completion.SetException(failure);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task<ApiAuthentication> VerifyInTurnAsync(UInt128 key, string userName, string password)
    {
        if (Interlocked.Increment(ref _waiting) > _maximumWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return new ApiAuthentication(ApiAuthenticationOutcome.Overloaded);
        }

        try
        {
            await _cores.WaitAsync().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await VerifyNowAsync(key, userName, password).ConfigureAwait(false);
        }
        finally
        {
            _cores.Release();
        }
    }

    private async Task<ApiAuthentication> VerifyNowAsync(UInt128 key, string userName, string password)
    {
        var generation = Interlocked.Read(ref _generation);
        var user = await ReadAsync(userName, CancellationToken.None).ConfigureAwait(false);
        _metrics.Verifying();
        var hash = user?.PasswordHash ?? PasswordHash.OfNobody;
        var isRight = await Task.Run(() => PasswordHash.Verify(password, hash)).ConfigureAwait(false);
        if (user is null || !isRight) return new ApiAuthentication(ApiAuthenticationOutcome.Refused);

        var principal = new ApiPrincipal(user);
        Remember(_successes, key, principal, generation);
        return new ApiAuthentication(ApiAuthenticationOutcome.Accepted, principal);
    }

    private Task<ApiUser?> ReadAsync(string userName, CancellationToken cancellationToken) => _store.ReadAsync(
        (database, cancel) => database.ApiUsers.Include(u => u.Roles).FirstOrDefaultAsync(u => u.Name == userName, cancel), cancellationToken);

    private void Remember<TKey>(ConcurrentDictionary<TKey, Success> users, TKey key, ApiPrincipal principal, long generation)
        where TKey : notnull
    {
        if (users.Count >= MaximumCached) users.Clear();
        users[key] = new Success(principal, _time.GetTimestamp() + (long)(CacheTime.TotalSeconds * _time.TimestampFrequency));

        // A change that came while this was read has cleared the cache before this entry went in.
        if (Interlocked.Read(ref _generation) != generation) users.TryRemove(key, out _);
    }

    private UInt128 CacheKey(string userName, string password)
    {
        // The name is led by its length, so that no other split of the same characters has this key.
        ReadOnlySpan<char> text = $"{userName.Length}:{userName}{password}";
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_cacheSecret, MemoryMarshal.AsBytes(text), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    private ApiAuthentication Counted(ApiAuthentication authentication)
    {
        _metrics.Authenticated(authentication.Outcome);
        return authentication;
    }

    private sealed record Success(ApiPrincipal Principal, long ValidUntil);
}
