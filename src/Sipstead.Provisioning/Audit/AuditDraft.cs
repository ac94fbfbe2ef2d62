namespace Sipstead.Provisioning.Audit;

/// <summary>What one write does to one thing, gathered from each time that it is saved.</summary>
internal sealed class AuditDraft(AuditKind kind, object row, AuditAction action)
{
    private const string RoutesField = "routes";

    private readonly List<Column> _columns = [];

    public AuditKind Kind => kind;

    public object Row => row;

    public AuditAction Action { get; private set; } = action;

    /// <summary>The account, where the row does not tell it.</summary>
    public long? AccountId { get; init; }

    /// <summary>Whether there is something to tell.</summary>
    public bool HasChanged => Action != AuditAction.Update || _columns.Exists(column => column.HasChanged);

    public IReadOnlyList<AuditChange> Changes =>
        [.. _columns.Where(column => column.HasChanged).Select(column => AuditFields.Tell(column.Field, column.Visibility, column.Old, column.New))];

    /// <summary>Being made or removed tells more than being changed.</summary>
    public void Become(AuditAction other) => Action = other;

    /// <summary>Adds a route that a trunk had, or has now.</summary>
    public void AddRoute(string text, bool isNew)
    {
        var known = _columns.Find(one => one.Field == RoutesField);
        if (known is null) _columns.Add(known = new Column(RoutesField, AuditVisibility.Value));
        if (isNew) known.New = Joined(known.New, text);
        else known.Old = Joined(known.Old, text);
    }

    /// <summary>Adds the change of a column; of several, what it was at first and is at last count.</summary>
    public void Add(string field, AuditVisibility visibility, object? old, object? now)
    {
        if (visibility == AuditVisibility.None) return;
        if (_columns.Find(one => one.Field == field) is { } known) known.New = now;
        else _columns.Add(new Column(field, visibility) { Old = old, New = now });
    }

    private static string Joined(object? texts, string text) => texts is null ? text : $"{texts}, {text}";

    private sealed class Column(string name, AuditVisibility visibility)
    {
        public string Field => name;

        public AuditVisibility Visibility => visibility;

        public object? Old { get; set; }

        public object? New { get; set; }

        public bool HasChanged => !Equals(Old, New);
    }
}
