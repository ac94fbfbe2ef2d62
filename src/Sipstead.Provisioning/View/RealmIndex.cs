using System.IO.Hashing;
using System.Security.Cryptography;

namespace Sipstead.Provisioning.View;

/// <summary>
/// A persistent map from a 64-bit key to realms: a change copies the table of shards and one small shard, so that adding one
/// realm among thousands costs microseconds while readers keep the snapshot they hold. Keys may collide; the reader compares.
/// </summary>
internal sealed class RealmIndex
{
    private const int ShardCount = 512;

    private static readonly long HashSeed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public static readonly RealmIndex Empty = new(CreateEmptyShards());

    private readonly Shard[] _shards;

    private RealmIndex(Shard[] shards) => _shards = shards;

    /// <summary>Every entry, in no particular order.</summary>
    public IEnumerable<RealmEntry> Entries => _shards.SelectMany(shard => shard.Entries);

    public static ulong KeyOf(ReadOnlySpan<byte> lowerCaseName) => XxHash3.HashToUInt64(lowerCaseName, HashSeed);

    public static ulong KeyOf(long id) => (ulong)id;

    /// <summary>The entries that may carry <paramref name="key"/>, starting at <paramref name="from"/>; null when none is left.</summary>
    public RealmEntry? Next(ulong key, ref int from)
    {
        var shard = _shards[ShardOf(key)];
        var offset = shard.Keys.AsSpan(from).IndexOf(key);
        if (offset < 0) return null;
        from += offset + 1;
        return shard.Entries[from - 1];
    }

    public RealmIndex With(ulong key, RealmEntry entry)
    {
        var shard = _shards[ShardOf(key)];
        return Replace(key, new Shard([.. shard.Keys, key], [.. shard.Entries, entry]));
    }

    public RealmIndex Without(ulong key, RealmEntry entry)
    {
        var shard = _shards[ShardOf(key)];
        var at = Array.IndexOf(shard.Entries, entry);
        return at < 0
            ? this
            : Replace(key, new Shard(
                [.. shard.Keys.AsSpan(0, at), .. shard.Keys.AsSpan(at + 1)],
                [.. shard.Entries.AsSpan(0, at), .. shard.Entries.AsSpan(at + 1)]));
    }

    private static int ShardOf(ulong key) => (int)(key % ShardCount);

    private static Shard[] CreateEmptyShards()
    {
        var shards = new Shard[ShardCount];
        Array.Fill(shards, new Shard([], []));
        return shards;
    }

    private RealmIndex Replace(ulong key, Shard shard)
    {
        var shards = (Shard[])_shards.Clone();
        shards[ShardOf(key)] = shard;
        return new RealmIndex(shards);
    }

    private sealed record Shard(ulong[] Keys, RealmEntry[] Entries);
}
