using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

/// <summary>Runs alone: it measures the whole process.</summary>
[Collection(Alone.Name)]
public sealed class CredentialTableMemoryTests
{
    private const int Credentials = 1_000_000;
    private const int MaximumBytesEach = 250;
    private const int MaximumBytesOfAHundred = 4 << 20;

    [Fact]
    public void Table_AMillionCredentials_TakesAtMost250BytesEach()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new CredentialTable();
        for (var id = 1; id <= Credentials; id++) table.Set(new CredentialSecret(id, id % 1000, 1, (UInt128)id, (UInt128)id), $"user{id}");
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Credentials;
        Assert.Equal(Credentials, table.Count);
        Assert.InRange(each, 1, MaximumBytesEach);
    }

    [Fact]
    public void Table_WhatIsRemovedOrGrows_LeavesNoMemoryBehind()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new CredentialTable();
        for (var id = 1; id <= Credentials; id++) table.Set(new CredentialSecret(id, 1, 1, (UInt128)id, null), $"user{id}");
        for (var id = 1; id <= Credentials; id++) table.Set(new CredentialSecret(id, 1, 2, (UInt128)id, (UInt128)id), $"user{id}", Guid.Empty);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Credentials;
        Assert.InRange(each, 1, MaximumBytesEach);

        for (var id = 1; id <= Credentials; id++)
        {
            if (id % 10_000 != 0) table.Remove(id);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, MaximumBytesOfAHundred);
        Assert.Equal(100, table.Count);
        for (var id = 10_000; id <= Credentials; id += 10_000) Assert.True(table.TryGet(id, out var kept) && kept.Hash1b == (UInt128)id);
    }
}
