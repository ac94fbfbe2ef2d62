namespace Sipstead.Provisioning.Audit;

/// <summary>Who changes something, and how the server knows.</summary>
/// <param name="Name">The API user's name; <c>cli</c> or <c>system</c> for who is none.</param>
/// <param name="Via">How the actor came in.</param>
/// <param name="Source">The address the actor came from; null when there is none.</param>
public sealed record AuditActor(string Name, AuditVia Via, string? Source)
{
    private static readonly AsyncLocal<AuditActor?> Acting = new();

    /// <summary>The server itself: its first start, and what it completes in the background.</summary>
    public static AuditActor System { get; } = new("system", AuditVia.System, null);

    /// <summary>Whoever runs the command line as the server's user.</summary>
    public static AuditActor CommandLine { get; } = new("cli", AuditVia.CommandLine, null);

    /// <summary>Who acts in the running request, command or event of a page.</summary>
    public static AuditActor Current => Acting.Value ?? System;

    /// <summary>
    /// Makes this the actor of all that the calling asynchronous method does from here on, and of what it calls. Where it returns, its
    /// caller's actor holds again.
    /// </summary>
    public void Act() => Acting.Value = this;
}
