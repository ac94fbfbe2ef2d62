using System.Globalization;
using System.Text;
using CsCheck;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

public sealed class CredentialTableTests
{
    private static readonly UInt128 Hash1 = UInt128.Parse("1be6abcaa8e9956021d30f33a3925b99", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    private static readonly UInt128 Hash1b = UInt128.Parse("e028e6577a0bb1b90a33d30a110dbdfe", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [Fact]
    public void TryFind_StoredCredential_GivesBackEveryPart()
    {
        var table = new CredentialTable();
        table.Set(new CredentialSecret(42, 7, 3, Hash1, Hash1b), "alice");
        Assert.True(table.TryFind(7, "alice"u8, out var found));
        Assert.True(table.TryGet(42, out var byId));
        foreach (var credential in new[] { found, byId })
        {
            Assert.Equal((42, 7, 3), (credential.Id, credential.RealmId, credential.HashRevision));
            Assert.Equal((true, true, Hash1, Hash1b), (credential.CanAuthenticate, credential.HasHash1b, credential.Hash1, credential.Hash1b));
        }
    }

    /// <summary>Every set of SHA hashes, with and without an application behind it.</summary>
    [Fact]
    public void CopyHash_GivesEveryHashThatIsThere_AndNoOther()
    {
        for (var kinds = 0; kinds < 16; kinds++)
        {
            var sha = new ShaHashes
            {
                Hash1Sha256 = Digits(kinds, 0), Hash1bSha256 = Digits(kinds, 1), Hash1Sha512256 = Digits(kinds, 2), Hash1bSha512256 = Digits(kinds, 3),
            };
            var table = new CredentialTable();
            table.Set(new CredentialSecret(42, 7, 3, Hash1, null), "alice", kinds % 3 == 0 ? Guid.NewGuid() : null, HashText.Pack(sha));
            Assert.True(table.TryFind(7, "alice"u8, out var found));
            AssertHash($"{Hash1:x32}", found, DigestAlgorithms.Md5, false);
            AssertHash(null, found, DigestAlgorithms.Md5, true);
            AssertHash(sha.Hash1Sha256, found, DigestAlgorithms.Sha256, false);
            AssertHash(sha.Hash1bSha256, found, DigestAlgorithms.Sha256, true);
            AssertHash(sha.Hash1Sha512256, found, DigestAlgorithms.Sha512256, false);
            AssertHash(sha.Hash1bSha512256, found, DigestAlgorithms.Sha512256, true);
            Assert.True(table.TryGetUserName(42, out var name));
            Assert.Equal(("alice", kinds % 3 == 0), (name, table.TryGetApplication(42, out _)));
        }

        static string? Digits(int kinds, int bit) => (kinds & (1 << bit)) == 0 ? null : new string((char)('a' + bit), 64);
    }

    private static void AssertHash(string? digits, in CredentialSecret secret, DigestAlgorithms algorithm, bool isHash1b)
    {
        var hash = new byte[32];
        var length = secret.CopyHash(algorithm, isHash1b, hash);
        Assert.Equal(digits ?? "", Convert.ToHexStringLower(hash.AsSpan(0, length)));
    }

    [Fact]
    public void TryFind_WithoutHashes_SaysSo()
    {
        var table = new CredentialTable();
        table.Set(new CredentialSecret(1, 1, 1, null, null), "alice");
        Assert.True(table.TryGet(1, out var credential));
        Assert.False(credential.CanAuthenticate);
        Assert.False(credential.HasHash1b);
    }

    [Theory]
    [InlineData(7, "Alice")]
    [InlineData(7, "alice ")]
    [InlineData(7, "alic")]
    [InlineData(7, "")]
    [InlineData(8, "alice")]
    public void TryFind_OtherNameOrRealm_FindsNothing(long realm, string name)
    {
        var table = new CredentialTable();
        table.Set(new CredentialSecret(42, 7, 1, Hash1, null), "alice");
        Assert.False(table.TryFind(realm, Encoding.UTF8.GetBytes(name), out _));
    }

    [Fact]
    public void TryGetApplication_SetChangedAndUnset_LeavesTheRestAlone()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var table = new CredentialTable();
        table.Set(new CredentialSecret(1, 7, 1, Hash1, Hash1b), "bob");
        foreach (var application in new Guid?[] { null, first, second, null, first })
        {
            table.Set(new CredentialSecret(42, 7, 3, Hash1, Hash1b), "alice", application);
            Assert.Equal(application.HasValue, table.TryGetApplication(42, out var found));
            Assert.Equal(application.GetValueOrDefault(), found);
            Assert.True(table.TryFind(7, "alice"u8, out var credential));
            Assert.Equal((42, 3, Hash1, Hash1b), (credential.Id, credential.HashRevision, credential.Hash1, credential.Hash1b));
            Assert.True(table.TryGetUserName(42, out var name));
            Assert.Equal(("alice", 2), (name, table.Count));
        }

        Assert.False(table.TryGetApplication(1, out _));
        Assert.False(table.TryGetApplication(2, out _));
        Assert.True(table.Remove(42));
        Assert.False(table.TryGetApplication(42, out _));
    }

    /// <summary>A name whose end looks like an application's id is still only a name.</summary>
    [Fact]
    public void TryFind_NameBesideAnApplication_IsExact()
    {
        var application = new Guid("6e616d65-6e61-6d65-6e61-6d656e616d65"u8[..16]);
        var table = new CredentialTable();
        table.Set(new CredentialSecret(1, 7, 1, Hash1, null), "al", application);
        byte[] longer = [.. "al"u8, .. application.ToByteArray()];
        Assert.False(table.TryFind(7, longer, out _));
        table.Set(new CredentialSecret(2, 7, 1, Hash1, null), Encoding.UTF8.GetString(longer));
        Assert.True(table.TryFind(7, longer, out var second) && second.Id == 2);
        Assert.True(table.TryFind(7, "al"u8, out var first) && first.Id == 1);
        Assert.False(table.TryGetApplication(2, out _));
    }

    [Fact]
    public void ToString_OfSecret_HasNoHash()
    {
        var text = new CredentialSecret(42, 7, 1, Hash1, Hash1b).ToString();
        Assert.DoesNotContain(Hash1.ToString("x32", CultureInfo.InvariantCulture), text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Hash1.ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
    }

    /// <summary>Credentials are set, replaced, renamed, given names of others, made longer and shorter, and removed.</summary>
    [Fact]
    public void Table_RandomChanges_EqualsDictionary()
    {
        var change = Gen.Select(Gen.Int[1, 200], Gen.Int[0, 3], Gen.Int[1, 1000], Gen.Int[1, 250]);
        change.Array[0, 2000].Sample(changes =>
        {
            var table = new CredentialTable();
            var model = new Dictionary<int, (int Revision, string Name)>();
            foreach (var (id, kind, revision, other) in changes)
            {
                if (kind == 0)
                {
                    Assert.Equal(model.Remove(id), table.Remove(id));
                    continue;
                }

                var name = NameOf(kind == 1 ? other : id);
                foreach (var namesake in model.Where(one => one.Value.Name == name).Select(one => one.Key).ToList()) model.Remove(namesake);
                model[id] = (revision, name);
                table.Set(new CredentialSecret(id, 7, revision, Hash1, kind == 2 ? Hash1b : null), name, kind == 3 ? Guid.NewGuid() : null);
            }

            Assert.Equal(model.Count, table.Count);
            for (var id = 1; id <= 200; id++) AssertSame(model, table, id);
            var names = model.Values.Select(one => one.Name).ToHashSet();
            for (var id = 1; id <= 250; id++) Assert.Equal(names.Contains(NameOf(id)), table.TryFind(7, Encoding.UTF8.GetBytes(NameOf(id)), out _));
        });

        static string NameOf(int id) => new string('n', id % 70) + id;

        static void AssertSame(Dictionary<int, (int Revision, string Name)> model, CredentialTable table, int id)
        {
            var isThere = model.TryGetValue(id, out var one);
            Assert.Equal(isThere, table.TryGet(id, out var byId));
            Assert.Equal(isThere ? one.Name : null, table.TryGetUserName(id, out var name) ? name : null);
            if (!isThere) return;
            Assert.True(table.TryFind(7, Encoding.UTF8.GetBytes(one.Name), out var byName));
            Assert.Equal((id, one.Revision, id, one.Revision), ((int)byId.Id, byId.HashRevision, (int)byName.Id, byName.HashRevision));
        }
    }

    [Fact]
    public async Task TryFind_WhileOthersComeAndGo_AlwaysFindsTheOnesThatStay()
    {
        var table = new CredentialTable();
        for (var id = 1; id <= 100; id++) table.Set(new CredentialSecret(id, 1, 1, Hash1, null), $"stays{id}");
        var isDone = false;
        var missed = 0;
        var reader = Task.Run(() =>
        {
            var names = Enumerable.Range(1, 100).Select(id => Encoding.UTF8.GetBytes($"stays{id}")).ToArray();
            while (!Volatile.Read(ref isDone))
            {
                for (var id = 1; id <= 100; id++)
                {
                    if (!table.TryFind(1, names[id - 1], out var found) || found.Id != id) missed++;
                    if (!table.TryGet(id, out _)) missed++;
                }
            }
        }, TestContext.Current.CancellationToken);
        for (var round = 0; round < 20; round++)
        {
            for (var id = 1000; id < 6000; id++) table.Set(new CredentialSecret(id, 1, round, Hash1, null), $"goes{id}");
            for (var id = 1000; id < 6000; id++) table.Remove(id);
        }

        Volatile.Write(ref isDone, true);
        await reader;
        Assert.Equal(0, missed);
        Assert.Equal(100, table.Count);
    }

    [Fact]
    public void Lookups_TenThousand_AllocateNothing()
    {
        var table = new CredentialTable();
        for (var id = 1; id <= 1000; id++) table.Set(new CredentialSecret(id, 1, 1, Hash1, Hash1b), $"user{id}", Guid.NewGuid());
        Assert.Equal(30_000, Look(table, 10_000));
        Assert.Equal(0, Allocations.OfRounds(() => Look(table, 10_000)));

        static int Look(CredentialTable table, int times)
        {
            var found = 0;
            for (var i = 0; i < times; i++)
            {
                if (table.TryFind(1, "user777"u8, out _)) found++;
                if (table.TryGet((i % 1000) + 1, out _)) found++;
                if (table.TryGetApplication((i % 1000) + 1, out _)) found++;
                if (table.TryFind(1, "nobody"u8, out _)) found++;
            }

            return found;
        }
    }
}
