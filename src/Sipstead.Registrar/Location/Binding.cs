using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Location;

/// <summary>One registration as other parts of the server read it.</summary>
/// <param name="Id">Stable number of the binding.</param>
/// <param name="Contact">The Contact URI as the device sent it.</param>
/// <param name="Flow">The way the last REGISTER came, and the way to the device.</param>
/// <param name="Reachable">False when the connection it registered over is gone.</param>
/// <param name="ExpiresIn">Whole seconds left, at least 1.</param>
/// <param name="Q">Preference from 0 to 1, null when the device gave none.</param>
/// <param name="Instance">The device's +sip.instance, without quotes and angle brackets; null when it gave none.</param>
public sealed record Binding(
    long Id, long RealmId, long CredentialId, string Contact, SipFlow Flow, bool Reachable, int ExpiresIn, decimal? Q,
    string UserAgent, string CallId, long CSeq, string? Instance, long? RegId, DateTimeOffset RegisteredAt)
{
    /// <summary>Path values in order, as the proxies on the way wrote them (RFC 3327): the Route of requests to the device.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>When it was registered or refreshed last, in milliseconds of the server's clock: tells the newest of a device's flows.</summary>
    public long RefreshedAt { get; init; }

    /// <summary>What a temporary GRUU of the device holds (<see cref="Gruus.TemporaryGruus"/>); 0 without an instance.</summary>
    public long GruuEpoch { get; init; }

    internal static Binding From(in PackedBinding packed, AorRecord record, long nowMs, bool reachable)
    {
        ref readonly var header = ref packed.Header;
        return new Binding(
            header.Id, record.RealmId, record.CredentialId, Encoding.UTF8.GetString(packed.Uri), header.Flow, reachable,
            SecondsLeft(header.ExpiresAt, nowMs), header.Q < 0 ? null : header.Q / 1000m,
            Encoding.UTF8.GetString(packed.UserAgent), Encoding.UTF8.GetString(packed.CallId), header.CSeq,
            InstanceOf(packed), RegIdOf(packed), DateTimeOffset.FromUnixTimeMilliseconds(header.RegisteredAt))
        {
            Path = PathOf(packed), RefreshedAt = header.RefreshedAt, GruuEpoch = header.GruuEpoch,
        };
    }

    /// <summary>Seconds until <paramref name="expiresAt"/>, rounded down, never below 1 for what still lives (REG-21).</summary>
    internal static int SecondsLeft(long expiresAt, long nowMs) => (int)Math.Max(1, (expiresAt - nowMs) / 1000);

    private static string? InstanceOf(in PackedBinding packed) =>
        packed.Instance.IsEmpty ? null : Encoding.UTF8.GetString(packed.Instance).Trim('"').TrimStart('<').TrimEnd('>');

    private static string[] PathOf(in PackedBinding packed)
    {
        if (packed.Path.IsEmpty) return [];
        var values = new List<string>();
        foreach (var value in new PathValues(packed.Path)) values.Add(Encoding.UTF8.GetString(value));
        return [.. values];
    }

    private static long? RegIdOf(in PackedBinding packed) =>
        HeaderParameters.TryFind(packed.Parameters, "reg-id"u8, out var value) && Sip.Parsing.SipNumber.TryParse(value, int.MaxValue, out var id) ? id : null;
}
