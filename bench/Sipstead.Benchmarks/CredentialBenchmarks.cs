using System.Text;
using BenchmarkDotNet.Attributes;
using Sipstead.Provisioning.View;

namespace Sipstead.Benchmarks;

/// <summary>What a REGISTER looks up, in random order: at a million credentials nearly every step is one that no cache holds.</summary>
[MemoryDiagnoser]
public class CredentialBenchmarks
{
    private const int Lookups = 100_000;
    private const int RealmId = 1;

    private readonly CredentialTable _table = new();
    private RealmSnapshot _realms = RealmSnapshot.Empty(1);
    private byte[] _host = [];
    private long[] _ids = [];
    private byte[][] _names = [];
    private int _at;

    [Params(100_000, 1_000_000)]
    public int Credentials { get; set; }

    /// <summary>All credentials in random order, and the next ones of them in each round.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (var id = 1; id <= Credentials; id++) _table.Set(new CredentialSecret(id, RealmId, 1, (UInt128)id, null), $"user{id}");
        for (var id = 1; id <= 4; id++) _realms = _realms.With(new RealmEntry(id, 1, $"realm{id}.auth.example.org", 5060), 1);
        _host = Encoding.ASCII.GetBytes("realm2.auth.example.org");
        _ids = [.. Enumerable.Range(1, Credentials).Select(id => (long)id)];
        Random.Shared.Shuffle(_ids);
        _names = [.. _ids.Select(id => Encoding.UTF8.GetBytes($"user{id}"))];
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int FindByName()
    {
        var found = 0;
        foreach (var name in _names.AsSpan(Next(), Lookups))
        {
            if (_table.TryFind(RealmId, name, out var credential)) found += credential.HashRevision;
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int FindById()
    {
        var found = 0;
        foreach (var id in _ids.AsSpan(Next(), Lookups))
        {
            if (_table.TryGet(id, out var credential)) found += credential.HashRevision;
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int FindRealm()
    {
        var found = 0;
        for (var i = 0; i < Lookups; i++)
        {
            if (_realms.TryFind(_host, out var realm)) found += (int)realm.Id;
        }

        return found;
    }

    private int Next()
    {
        var at = _at;
        _at = (_at + Lookups) % Credentials;
        return at;
    }
}
