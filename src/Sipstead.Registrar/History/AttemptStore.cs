using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sipstead.Registrar.History;

/// <summary>
/// The entries of the history, without an object for any of them: what is dropped would else stay until a full collection, and a million registrations drop a
/// million. Not thread-safe.
/// </summary>
internal sealed class AttemptStore
{
    /// <summary>What an entry takes besides its texts: its place, and its share of the tables.</summary>
    public static readonly int EntryOctets = Unsafe.SizeOf<AttemptPlace>() + 48;

    private const int MaxTexts = RegistrationAttempt.MaxUserName + RegistrationAttempt.MaxUserAgent + RegistrationAttempt.MaxContact;

    private readonly Slab<AttemptPlace> _places = new();
    private readonly Slab<TextCell> _cells = new();
    private readonly Dictionary<long, AttemptChain> _realms = [];
    private readonly Dictionary<AttemptOwner, AttemptChain> _owners = [];
    private AttemptChain _all;

    /// <summary>Octets of all entries.</summary>
    public long Octets { get; private set; }

    /// <summary>Adds the newest entry. Returns how many its owner has now.</summary>
    public int Add(in NewAttempt attempt, long number)
    {
        var at = _places.Take();
        ref var place = ref _places[at];
        var userName = Cut(attempt.UserName, RegistrationAttempt.MaxUserName);
        var userAgent = Cut(attempt.UserAgent, RegistrationAttempt.MaxUserAgent);
        var contact = Cut(attempt.Contact, RegistrationAttempt.MaxContact);
        (place.Number, place.AtTicks, place.RealmId, place.CredentialId) = (number, attempt.At.UtcTicks, attempt.RealmId, attempt.CredentialId);
        (place.Source, place.Transport, place.Outcome) = (attempt.Source, attempt.Transport, attempt.Outcome);
        (place.UserNameLength, place.UserAgentLength, place.ContactLength) = ((ushort)userName.Length, (ushort)userAgent.Length, (ushort)contact.Length);

        Span<byte> texts = stackalloc byte[MaxTexts];
        userName.CopyTo(texts);
        userAgent.CopyTo(texts[userName.Length..]);
        contact.CopyTo(texts[(userName.Length + userAgent.Length)..]);
        place.Next = Keep(texts[..place.TextLength]);
        Octets += OctetsOf(place);

        Append(ref _all, AttemptLinks.All, at);
        Append(ref CollectionsMarshal.GetValueRefOrAddDefault(_realms, place.RealmId, out _), AttemptLinks.Realm, at);
        return Append(ref CollectionsMarshal.GetValueRefOrAddDefault(_owners, place.Owner, out _), AttemptLinks.Owner, at);
    }

    /// <summary>Drops the oldest entry of all. There must be one.</summary>
    public void RemoveOldest() => Remove(_all.First);

    /// <summary>Drops the oldest entry of an owner. There must be one.</summary>
    public void RemoveOldest(AttemptOwner owner) => Remove(_owners[owner].First);

    /// <summary>The entries of an owner below a number, newest first.</summary>
    public List<RegistrationAttempt> Of(AttemptOwner owner, long below, int limit) => Read(_owners.GetValueOrDefault(owner), AttemptLinks.Owner, below, limit);

    /// <summary>The entries of a realm below a number, newest first.</summary>
    public List<RegistrationAttempt> OfRealm(long realmId, long below, int limit) => Read(_realms.GetValueOrDefault(realmId), AttemptLinks.Realm, below, limit);

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, int max) => text[..Math.Min(text.Length, max)];

    private static int CellsOf(int textLength) => (textLength + TextCellOctets.Length - 1) / TextCellOctets.Length;

    private static int OctetsOf(in AttemptPlace place) => EntryOctets + (CellsOf(place.TextLength) * Unsafe.SizeOf<TextCell>());

    /// <summary>Puts texts into cells, the last part first. Returns the first cell.</summary>
    private int Keep(ReadOnlySpan<byte> texts)
    {
        var next = 0;
        for (var cell = CellsOf(texts.Length) - 1; cell >= 0; cell--)
        {
            var at = _cells.Take();
            Cut(texts[(cell * TextCellOctets.Length)..], TextCellOctets.Length).CopyTo(_cells[at].Octets);
            _cells[at].Next = next;
            next = at;
        }

        return next;
    }

    private void Remove(int at)
    {
        var place = _places[at];
        Octets -= OctetsOf(place);
        Unlink(ref _all, AttemptLinks.All, at);
        Unlink(_realms, place.RealmId, AttemptLinks.Realm, at);
        Unlink(_owners, place.Owner, AttemptLinks.Owner, at);
        for (var cell = place.Next; cell != 0;)
        {
            var next = _cells[cell].Next;
            _cells.Free(cell);
            cell = next;
        }

        _places.Free(at);
    }

    /// <summary>Returns how many the chain has now.</summary>
    private int Append(ref AttemptChain chain, int kind, int at)
    {
        _places[at].Links[kind].Previous = chain.Last;
        if (chain.Last == 0) chain.First = at;
        else _places[chain.Last].Links[kind].Next = at;
        chain.Last = at;
        return ++chain.Count;
    }

    private void Unlink<TKey>(Dictionary<TKey, AttemptChain> chains, TKey key, int kind, int at)
        where TKey : notnull
    {
        ref var chain = ref CollectionsMarshal.GetValueRefOrNullRef(chains, key);
        Unlink(ref chain, kind, at);
        if (chain.Count == 0) chains.Remove(key);
    }

    private void Unlink(ref AttemptChain chain, int kind, int at)
    {
        var link = _places[at].Links[kind];
        if (link.Previous == 0) chain.First = link.Next;
        else _places[link.Previous].Links[kind].Next = link.Next;
        if (link.Next == 0) chain.Last = link.Previous;
        else _places[link.Next].Links[kind].Previous = link.Previous;
        chain.Count--;
    }

    private List<RegistrationAttempt> Read(in AttemptChain chain, int kind, long below, int limit)
    {
        var found = new List<RegistrationAttempt>();
        for (var at = chain.Last; at != 0 && found.Count < limit; at = _places[at].Links[kind].Previous)
        {
            if (_places[at].Number < below) found.Add(Read(_places[at]));
        }

        return found;
    }

    private RegistrationAttempt Read(in AttemptPlace place)
    {
        Span<byte> texts = stackalloc byte[CellsOf(MaxTexts) * TextCellOctets.Length];
        var length = 0;
        for (var cell = place.Next; cell != 0; cell = _cells[cell].Next)
        {
            ((ReadOnlySpan<byte>)_cells[cell].Octets).CopyTo(texts[length..]);
            length += TextCellOctets.Length;
        }

        var userAgentAt = place.UserNameLength;
        var contactAt = userAgentAt + place.UserAgentLength;
        return new RegistrationAttempt(
            place.Number, new DateTimeOffset(place.AtTicks, TimeSpan.Zero), place.RealmId, place.CredentialId, Encoding.UTF8.GetString(texts[..userAgentAt]), place.Source,
            place.Transport, Encoding.UTF8.GetString(texts[userAgentAt..contactAt]), Encoding.UTF8.GetString(texts.Slice(contactAt, place.ContactLength)), place.Outcome);
    }
}
