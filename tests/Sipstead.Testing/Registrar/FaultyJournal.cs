using Sipstead.Registrar.Journal;

namespace Sipstead.Testing.Registrar;

/// <summary>A journal in memory that can be made to fail.</summary>
internal sealed class FaultyJournal : IBindingJournal
{
    /// <summary>Number of the append that fails, counted from 1; 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>True to fail every append.</summary>
    public bool IsBroken { get; set; }

    /// <summary>True to count batches only, without keeping them.</summary>
    public bool IsCounting { get; set; }

    public int Appends { get; private set; }

    public List<byte[]> Batches { get; } = [];

    public bool TryAppend(Span<byte> batch)
    {
        Appends++;
        if (IsBroken || Appends == FailAt) return false;
        if (!IsCounting) Batches.Add(batch.ToArray());
        return true;
    }
}
