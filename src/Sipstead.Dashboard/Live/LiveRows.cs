namespace Sipstead.Dashboard.Live;

/// <summary>
/// The rows of a table that is loaded again and again: what is shown of a thing stays the same object, so that its row, an open menu in it and the focus outlive
/// a refresh.
/// </summary>
/// <param name="idOf">What tells one thing from another.</param>
public sealed class LiveRows<T>(Func<T, long> idOf)
{
    private Dictionary<long, LiveRow<T>> _rows = [];

    /// <summary>The rows that are shown.</summary>
    public IReadOnlyCollection<LiveRow<T>> Shown { get; private set; } = [];

    /// <summary>Whether a thing is among them. From any thread.</summary>
    public bool Contains(long id) => Volatile.Read(ref _rows).ContainsKey(id);

    /// <summary>Takes what was loaded; the rows in its order.</summary>
    public IReadOnlyCollection<LiveRow<T>> Show(IEnumerable<T> loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        var rows = new Dictionary<long, LiveRow<T>>();
        foreach (var item in loaded)
        {
            var row = _rows.GetValueOrDefault(idOf(item)) ?? new LiveRow<T>();
            row.Value = item;
            rows[idOf(item)] = row;
        }

        Volatile.Write(ref _rows, rows);
        return Shown = [.. rows.Values];
    }
}

/// <summary>One row; its value is the newest that was loaded.</summary>
public sealed class LiveRow<T>
{
    public T Value { get; internal set; } = default!;
}
