using System.Runtime.CompilerServices;
using Sipstead.Registrar.Journal;

namespace Sipstead.Registrar.Location;

/// <summary>Puts into a location service what a journal holds, before anybody else uses it.</summary>
internal sealed class LocationRestore(LocationService locations)
{
    /// <summary>Takes a record unless a newer one was. False for a patch of a version that is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // run a million times in the first second
    public bool Take(in JournalRecord record)
    {
        var shard = locations.ShardOf(record.CredentialId);
        var reference = shard.Find(record.CredentialId);
        if (reference != 0 && shard[reference].Header.Version >= record.Version) return true;
        if (record.Kind == RecordKind.Patch) return TryPatch(shard, reference, record);
        if (reference == 0) reference = shard.Add(record.CredentialId, record.RealmId, record.HashRevision);
        ref var header = ref shard[reference].Header;
        (header.Version, header.RealmId, header.HashRevision, header.Layout) = (record.Version, record.RealmId, record.HashRevision, record.Layout);
        shard.SetBindings(reference, record.Octets);
        return true;
    }

    /// <summary>
    /// Ends the restoration: what no longer holds is dropped. Times move from the clock of the run that wrote them to this one's, so that bindings lose exactly
    /// the time that the wall clock says has passed since the last batch; connections ended with that run.
    /// </summary>
    /// <param name="isCurrent">Tells whether bindings made with this revision of a credential's hashes still hold; asked on several threads.</param>
    /// <returns>How many addresses-of-record have bindings.</returns>
    public int Complete(Func<long, int, bool> isCurrent, long shiftMs, long lastBindingId)
    {
        var completed = new (int Restored, long LastVersion)[locations.Shards.Count];
        Parallel.For(0, completed.Length, i => completed[i] = Complete(locations.Shards[i], isCurrent, shiftMs));
        locations.Continue(completed.Max(shard => shard.LastVersion), lastBindingId);
        locations.Sweep();
        return completed.Sum(shard => shard.Restored);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // run a million times in the first second
    private static (int Restored, long LastVersion) Complete(LocationShard shard, Func<long, int, bool> isCurrent, long shiftMs)
    {
        var restored = 0;
        long lastVersion = 0;
        var upgraded = new BindingSetWriter();
        shard.MoveTogether();
        foreach (var reference in shard)
        {
            var record = shard[reference];
            lastVersion = Math.Max(lastVersion, record.Header.Version);
            if (!isCurrent(record.CredentialId, record.Header.HashRevision) || !TryUpgrade(shard, reference, upgraded))
            {
                shard.Remove(reference);
                continue;
            }

            MoveToThisRun(shard[reference].Bindings, shiftMs);
            shard.PlanEnds(reference);
            restored++;
        }

        return (restored, lastVersion);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // run a million times in the first second
    private static bool TryPatch(LocationShard shard, int reference, in JournalRecord patch)
    {
        if (reference == 0) return false;
        var record = shard[reference];
        if (record.Header.Version != patch.BaseVersion || record.Header.Layout != patch.Layout || (uint)patch.Offset > (uint)(record.Bindings.Length - patch.Octets.Length)) return false;
        patch.Octets.CopyTo(record.Bindings[patch.Offset..]);
        record.Header.Version = patch.Version;
        return true;
    }

    /// <summary>Gives bindings today's layout. False when there are none, or none that can be read.</summary>
    private static bool TryUpgrade(LocationShard shard, int reference, BindingSetWriter upgraded)
    {
        var record = shard[reference];
        if (record.Header.Layout != JournalFormat.Version)
        {
            if (!EarlierFormats.TryUpgrade(record.Header.Layout, record.Bindings, upgraded)) return false;
            shard.SetBindings(reference, upgraded.Written); // never longer: it stays where it is
            record.Header.Layout = JournalFormat.Version;
        }

        return !record.Bindings.IsEmpty && PackedBindings.AreWhole(record.Bindings);
    }

    private static void MoveToThisRun(Span<byte> bindings, long shiftMs)
    {
        for (; !bindings.IsEmpty; bindings = bindings[BindingLayout.LengthOf(bindings)..]) BindingLayout.MoveToThisRun(bindings, shiftMs);
    }
}
