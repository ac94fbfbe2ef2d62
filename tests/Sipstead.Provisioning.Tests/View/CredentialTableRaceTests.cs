using System.Text;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

/// <summary>What readers see while one writer changes, moves and reuses the places of records.</summary>
public sealed class CredentialTableRaceTests
{
    private const int Staying = 100;
    private const int Coming = 3000;
    private const int Readers = 3;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Every part of a record follows from its id and revision, and its length does too: a record of two moments, or of two
    /// credentials, would show. Those that stay are always found.
    /// </summary>
    [Fact]
    public async Task Lookups_BesideAWriter_SeeWholeRecordsAndMissNone()
    {
        var table = new CredentialTable();
        for (var id = 1; id <= Staying; id++) Set(table, id, revision: 1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Time);
        var readers = Enumerable.Range(0, Readers).Select(_ => OnThread(() => Read(table, end.Token))).ToArray();
        var writes = await OnThread(() => Write(table, end.Token));
        var found = await Task.WhenAll(readers);
        Assert.True(writes > Coming, $"{writes} writes");
        Assert.All(found, count => Assert.True(count > 0));
        for (var id = 1; id <= Staying; id++) Assert.True(table.TryGet(id, out _));
    }

    /// <summary>A thread of its own: the pool, which other tests use too, may begin the last of them when all is over.</summary>
    private static Task<int> OnThread(Func<int> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static int Write(CredentialTable table, CancellationToken end)
    {
        var writes = 0;
        for (var revision = 2; !end.IsCancellationRequested; revision++)
        {
            for (var id = 1; id <= Staying; id++, writes++) Set(table, id, revision);
            for (var id = 1000; id < 1000 + Coming; id++, writes++) Set(table, id, revision);
            for (var id = 1000; id < 1000 + Coming; id++, writes++) table.Remove(id);
        }

        return writes;
    }

    private static int Read(CredentialTable table, CancellationToken end)
    {
        var found = 0;
        for (var round = 0; !end.IsCancellationRequested; round++)
        {
            for (var id = 1; id <= Staying; id++) Assert.True(Check(table, id), $"credential {id} was missed");
            for (var i = 0; i < Staying; i++) found += Check(table, 1000 + ((round + (i * 31)) % Coming)) ? 1 : 0;
        }

        return found;
    }

    private static void Set(CredentialTable table, int id, int revision)
    {
        Span<byte> octets = stackalloc byte[PackedShaHashes.HashLength];
        octets.Fill(ShaOf(id, revision));
        table.Set(
            new CredentialSecret(id, 7, revision, Hash1Of(id, revision), HasHash1b(revision) ? ~Hash1Of(id, revision) : null),
            Encoding.UTF8.GetBytes($"user{id}"),
            ApplicationOf(id, revision),
            HasSha(id, revision) ? new PackedShaHashes(ShaHashKinds.Hash1Sha256, octets) : default);
    }

    private static bool Check(CredentialTable table, int id)
    {
        Span<byte> name = stackalloc byte[16];
        "user"u8.CopyTo(name);
        id.TryFormat(name[4..], out var length, provider: null);
        if (table.TryGetUserName(id, out var found)) Assert.Equal($"user{id}", found);
        if (table.TryGet(id, out var byId)) AssertWhole(id, byId);
        if (!table.TryFind(7, name[..(4 + length)], out var credential)) return false;
        AssertWhole(id, credential);
        return true;
    }

    private static void AssertWhole(int id, in CredentialSecret credential)
    {
        var revision = credential.HashRevision;
        Assert.Equal((id, 7, Hash1Of(id, revision)), ((int)credential.Id, credential.RealmId, credential.Hash1));
        Assert.Equal(HasHash1b(revision), credential.HasHash1b);
        if (credential.HasHash1b) Assert.Equal(~Hash1Of(id, revision), credential.Hash1b);
        Span<byte> hash = stackalloc byte[PackedShaHashes.HashLength];
        if (credential.CopyHash(DigestAlgorithms.Sha256, isHash1b: false, hash) == 0) return; // none, or of another revision by now
        Assert.True(HasSha(id, revision));
        Assert.Equal(-1, hash.IndexOfAnyExcept(ShaOf(id, revision)));
    }

    private static UInt128 Hash1Of(int id, int revision) => new((ulong)id * 0x0101010101010101, (ulong)revision * 0x0100000001000001);

    private static bool HasHash1b(int revision) => revision % 2 == 0;

    private static bool HasSha(int id, int revision) => (id + revision) % 3 == 0;

    private static byte ShaOf(int id, int revision) => (byte)((id * 7) + revision);

    private static Guid? ApplicationOf(int id, int revision) => (id + revision) % 5 == 0 ? new Guid(id, (short)revision, 0, [0, 1, 2, 3, 4, 5, 6, 7]) : null;
}
