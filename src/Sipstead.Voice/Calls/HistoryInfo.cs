using System.Globalization;
using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Voice.Calls;

/// <summary>Where a call has been (History-Info, RFC 7044): the targets in the order that it had them. Immutable.</summary>
internal sealed class HistoryInfo
{
    /// <summary>Entries that are kept; of more the oldest go.</summary>
    internal const int MaximumEntries = 20;

    private const string Anonymous = "<sip:anonymous@anonymous.invalid>";

    private readonly IReadOnlyList<Entry> _entries;

    private HistoryInfo(IReadOnlyList<Entry> entries) => _entries = entries;

    /// <summary>Nothing is known.</summary>
    public static HistoryInfo None { get; } = new([]);

    /// <summary>One target.</summary>
    /// <param name="Address">In angle brackets, with the display name where there was one.</param>
    /// <param name="Parameters">How it came about: <c>rc</c>, <c>mp</c> or <c>np</c> with its semicolon, or nothing.</param>
    /// <param name="IsHidden">Whether its URI asks that nobody outside be told (RFC 7044 10.1.2).</param>
    private sealed record Entry(string Address, string Index, string Parameters, bool IsHidden = false);

    /// <summary>Reads entries; those without an index, or that cannot be read, are left out.</summary>
    public static HistoryInfo Read(IEnumerable<string> values) => new([.. values.Select(Read).OfType<Entry>().TakeLast(MaximumEntries)]);

    /// <summary>
    /// The history of the call as it goes to a new target (RFC 7044 9.2, 10): what it had before, the target that is left where that is not noted, and the
    /// new one, which names the one it comes from.
    /// </summary>
    /// <param name="left">URI of the target that is left.</param>
    /// <param name="target">URI of the new target.</param>
    /// <param name="relation"><c>rc</c>: another address of the same user; <c>mp</c>: another user.</param>
    /// <param name="cause">SIP status for which it is left, where there was one.</param>
    public HistoryInfo Retargeted(string left, string target, string relation, int? cause = null)
    {
        var entries = _entries.ToList();
        if (entries.Count == 0) entries.Add(new Entry($"<{left}>", "1", ""));
        var last = entries[^1];
        if (cause is not null) entries[^1] = last with { Address = WithReason(last.Address, cause.Value) };
        entries.Add(new Entry($"<{target}>", $"{last.Index}.1", $";{relation}={last.Index}"));
        return new HistoryInfo([.. entries.TakeLast(MaximumEntries)]);
    }

    /// <summary>Header values, in order.</summary>
    /// <param name="isHidden">Whether those whom it tells may know no more than how often the call went on.</param>
    public IEnumerable<string> Values(bool isHidden) =>
        _entries.Select(entry => $"{(isHidden || entry.IsHidden ? Anonymous : entry.Address)};index={entry.Index}{entry.Parameters}");

    private static Entry? Read(string value)
    {
        var octets = Encoding.UTF8.GetBytes(value);
        if (!NameAddress.TryParse(octets, out var address) || octets.AsSpan().IndexOf((byte)'<') < 0) return null;
        var (index, relation) = ("", "");
        var parameters = new HeaderParameters(address.Parameters);
        while (parameters.MoveNext())
        {
            var text = Encoding.UTF8.GetString(parameters.Value);
            if (index.Length == 0 && Ascii.EqualsIgnoreCase(parameters.Name, "index"u8)) index = text;
            else if (relation.Length == 0 && IsRelation(parameters.Name) && IsIndex(text)) relation = $";{Encoding.UTF8.GetString(parameters.Name)}={text}";
        }

        if (!IsIndex(index)) return null;
        var name = Encoding.UTF8.GetString(octets.AsSpan(0, octets.Length - address.Parameters.Length)).TrimEnd();
        return new Entry(name, index, relation, AsksForPrivacy(address.Uri));
    }

    private static bool IsRelation(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "rc"u8) || Ascii.EqualsIgnoreCase(name, "mp"u8) || Ascii.EqualsIgnoreCase(name, "np"u8);

    private static bool AsksForPrivacy(in SipUri uri)
    {
        var headers = Encoding.UTF8.GetString(uri.Headers);
        return headers.Contains("Privacy=", StringComparison.OrdinalIgnoreCase) && !headers.Contains("Privacy=none", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Numbers with dots between (RFC 7044 5).</summary>
    private static bool IsIndex(string text) => text.Length is > 0 and <= 64 && text.Split('.').All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    /// <summary>The reason stands in the URI, as a header of it.</summary>
    private static string WithReason(string address, int cause)
    {
        var close = address.LastIndexOf('>');
        var separator = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return string.Create(CultureInfo.InvariantCulture, $"{address[..close]}{separator}Reason=SIP%3Bcause%3D{cause}{address[close..]}");
    }
}
