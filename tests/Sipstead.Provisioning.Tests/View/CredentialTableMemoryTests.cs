using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

/// <summary>Runs alone: it measures the whole process.</summary>
[Collection(Alone.Name)]
public sealed class CredentialTableMemoryTests
{
    private const int Credentials = 1_000_000;
    private const int MaximumBytesEach = 250;

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
}
