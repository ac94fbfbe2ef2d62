using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Register;

/// <summary>What a REGISTER comes to.</summary>
internal enum RegisterOutcome : byte
{
    /// <summary>Nothing to change: a fetch.</summary>
    Fetched,

    /// <summary>The bindings are to be replaced by those built.</summary>
    Changed,

    /// <summary>400: the Contacts cannot be read or do not go together.</summary>
    BadContact,

    /// <summary>403: a Contact that would lead back to us or to nobody.</summary>
    ForbiddenContact,

    /// <summary>403: as many contacts as there may be.</summary>
    TooManyContacts,

    /// <summary>423 with Min-Expires.</summary>
    TooBrief,

    /// <summary>500: CSeq is not above the one that made a binding with the same Call-ID (REG-11, REG-17).</summary>
    OutOfOrder,

    /// <summary>400: a Path value is no SIP URI of a loose router, or they are too many.</summary>
    BadPath,

    /// <summary>439: the device asks for Outbound through a proxy that does not take part (RFC 5626 6).</summary>
    FirstHopLacksOutbound,

    /// <summary>420: a Contact for bulk numbers (RFC 6140), which are never half stored.</summary>
    BulkContact,
}

/// <summary>
/// What a REGISTER makes of the bindings there are (RFC 3261 10.3 steps 6 and 7): a function of request, time and current bindings, which builds the new
/// ones whole or not at all. One for each receiving loop, for its buffers.
/// </summary>
internal sealed class RegisterPolicy(RegistrarOptions options, LocationService locations, ContactRules contacts)
{
    /// <summary>Octets of User-Agent that are kept.</summary>
    private const int MaxUserAgent = 256;

    private BindingSetWriter _next = new();
    private BindingSetWriter _scratch = new();
    private readonly List<long> _ofThisRequest = new(SipLimits.Contacts);
    private readonly List<long> _madeRoom = new(SipLimits.Contacts);
    private readonly byte[] _parameters = new byte[ContactValue.MaxLength + 1];
    private readonly PathList _path = new();
    private SipExtension _supported;
    private int _flowsOfThisRequest;

    /// <summary>The bindings built when the outcome is <see cref="RegisterOutcome.Changed"/>.</summary>
    public ReadOnlySpan<byte> Next => _next.Written;

    /// <summary>True for a binding that this request made or refreshed.</summary>
    public bool IsOfThisRequest(long bindingId) => _ofThisRequest.Contains(bindingId);

    /// <summary>True for a binding that this request took the place of at the contact limit.</summary>
    public bool MadeRoom(long bindingId) => _madeRoom.Contains(bindingId);

    /// <param name="supported">Extensions that the device supports.</param>
    /// <param name="current">Its user's bindings.</param>
    public RegisterOutcome Apply(
        in SipRequest request, in SipFlow flow, SipExtension supported, ReadOnlySpan<byte> current, long nowMs, long wallMs)
    {
        if (!request.Message.Has(HeaderId.Contact)) return RegisterOutcome.Fetched;
        if (TryRefresh(request, flow, supported, current, nowMs)) return RegisterOutcome.Changed;
        if (!_path.TryRead(request.Message)) return RegisterOutcome.BadPath;
        _supported = supported;
        CopyLive(current, nowMs);
        var count = 0;
        foreach (var value in request.Message.Values(HeaderId.Contact))
        {
            if (++count > SipLimits.Contacts) return RegisterOutcome.BadContact;
            if (value.StartsWith("*"u8)) return RemoveAll(request, value);
            var outcome = ApplyContact(request, value, flow, nowMs, wallMs);
            if (outcome != RegisterOutcome.Changed) return outcome;
        }

        return LimitContacts();
    }

    /// <summary>
    /// The short way of nearly all requests: a device with one binding says what it said before, octet for octet. Then the same URI, parameters and texts are
    /// right that were right then, and all that changes are times, CSeq and flow. Anything else takes the long way.
    /// </summary>
    private bool TryRefresh(in SipRequest request, in SipFlow flow, SipExtension supported, ReadOnlySpan<byte> current, long nowMs)
    {
        if (!TryFindOnly(current, request.CSeq, nowMs, out var binding) || (supported & SipExtension.Outbound) != 0) return false;
        if (!SaysTheSame(request, binding, out var requested) || requested == 0 || IsTooBrief(requested)) return false;
        Refresh(binding, flow, request.CSeq, Math.Min(requested, options.MaxExpires) * 1000, nowMs);
        return true;
    }

    /// <summary>
    /// The shortest way: a REGISTER of the text that made the only binding (<see cref="MayRepeat"/>), which asks for the same time again. False when there is
    /// more to do than to refresh it.
    /// </summary>
    public bool TryRepeat(in SipFlow flow, uint sequence, ReadOnlySpan<byte> current, long nowMs)
    {
        if (!TryFindOnly(current, sequence, nowMs, out var binding)) return false;
        Refresh(binding, flow, sequence, binding.Header.ExpiresAt - binding.Header.RefreshedAt, nowMs);
        return true;
    }

    /// <summary>True when a further REGISTER of this one's text would refresh what was built, and its answer would say no more than the binding.</summary>
    public bool MayRepeat(SipExtension supported)
    {
        var bindings = new PackedBindings(_next.Written);
        if (!bindings.MoveNext() || bindings.Current.Octets.Length != _next.Written.Length || !IsOfThisRequest(bindings.Current.Header.Id)) return false;
        if (bindings.Current.Header.PathLength != 0 || (supported & SipExtension.Outbound) != 0) return false;
        return (supported & SipExtension.Gruu) == 0 || bindings.Current.Header.GruuEpoch == 0;
    }

    /// <summary>Finds the only binding, where it is live and older than a request.</summary>
    private static bool TryFindOnly(ReadOnlySpan<byte> current, uint sequence, long nowMs, out PackedBinding binding)
    {
        var bindings = new PackedBindings(current);
        binding = default;
        if (!bindings.MoveNext() || bindings.Current.Octets.Length != current.Length) return false;
        binding = bindings.Current;
        ref readonly var header = ref binding.Header;
        return header.ExpiresAt > nowMs && header.PathLength == 0 && header.Flags == BindingFlags.None && sequence > header.CSeq;
    }

    private void Refresh(in PackedBinding binding, in SipFlow flow, uint sequence, long lifeMs, long nowMs)
    {
        var header = binding.Header;
        (header.Flow, header.CSeq, header.ExpiresAt, header.RefreshedAt) = (flow, sequence, nowMs + lifeMs, nowMs);
        Begin();
        _ofThisRequest.Add(header.Id);
        _next.Copy(binding, header);
    }

    private bool SaysTheSame(in SipRequest request, in PackedBinding binding, out long requested)
    {
        requested = 0;
        var message = request.Message;
        if (!message.HasOne(HeaderId.Contact) || message.Has(HeaderId.Path)) return false;
        if (!binding.CallId.SequenceEqual(request.CallId) || !binding.UserAgent.SequenceEqual(UserAgentOf(request))) return false;
        var rest = message.Value(HeaderId.Contact);
        var (uri, parameters) = (binding.Uri.Length, binding.Parameters.Length);
        if (rest.Length < uri + parameters + 2 || rest[0] != '<' || rest[uri + 1] != '>' || !rest.Slice(1, uri).SequenceEqual(binding.Uri)) return false;
        rest = rest[(uri + 2)..];
        if (!rest.StartsWith(binding.Parameters)) return false;
        rest = rest[parameters..];
        requested = ExpiresHeader(request);
        if (rest.IsEmpty) return true;
        if (!rest.StartsWith(";expires="u8) || !SipNumber.TryParse(rest[";expires="u8.Length..], uint.MaxValue, out var seconds)) return false;
        requested = (long)seconds;
        return true;
    }

    private void Begin()
    {
        _next.Clear();
        _ofThisRequest.Clear();
        _madeRoom.Clear();
        _flowsOfThisRequest = 0;
    }

    private void CopyLive(ReadOnlySpan<byte> current, long nowMs)
    {
        Begin();
        foreach (var binding in new PackedBindings(current))
        {
            if (binding.Header.ExpiresAt > nowMs) _next.Copy(binding);
        }
    }

    /// <summary><c>Contact: *</c> needs Expires: 0 and no other Contact (REG-10).</summary>
    private RegisterOutcome RemoveAll(in SipRequest request, ReadOnlySpan<byte> value)
    {
        var contacts = 0;
        foreach (var _ in request.Message.Values(HeaderId.Contact)) contacts++;
        var expires = request.Message.Value(HeaderId.Expires);
        if (!ContactValue.IsWildcard(value) || contacts != 1 || !SipNumber.TryParse(expires, uint.MaxValue, out var seconds) || seconds != 0)
            return RegisterOutcome.BadContact;
        foreach (var binding in new PackedBindings(_next.Written))
        {
            if (IsOutOfOrder(request, binding)) return RegisterOutcome.OutOfOrder;
        }

        _next.Clear();
        return RegisterOutcome.Changed;
    }

    private RegisterOutcome ApplyContact(in SipRequest request, ReadOnlySpan<byte> value, in SipFlow flow, long nowMs, long wallMs)
    {
        if (!ContactValue.TryParse(value, out var contact)) return RegisterOutcome.BadContact;
        if (contact.Uri.TryGetParameter("bnc"u8, out _)) return RegisterOutcome.BulkContact;
        if (!contacts.MayRegister(contact.Uri, flow.Transport)) return RegisterOutcome.ForbiddenContact;
        var requested = RequestedExpires(request, contact);
        if (IsTooBrief(requested)) return RegisterOutcome.TooBrief;
        var lifetime = Math.Min(requested, options.MaxExpires);
        var length = contact.CopyParameters(_parameters);
        var parameters = _parameters.AsSpan(0, length);
        var instance = HeaderParameters.TryFind(parameters, "+sip.instance"u8, out var found) ? found : default;
        var header = NewHeader(request, contact, flow, wallMs);
        header.ExpiresAt = nowMs + (lifetime * 1000);
        header.RefreshedAt = nowMs;
        header.RegId = OutboundRules.RegIdOf(parameters, instance, _supported);
        var outcome = header.RegId == 0 ? RegisterOutcome.Changed : CheckOutbound(request, lifetime);
        if (outcome == RegisterOutcome.Changed) outcome = TakeOutMatch(request, contact, instance, ref header);
        if (outcome != RegisterOutcome.Changed || lifetime == 0) return outcome;
        _ofThisRequest.Add(header.Id);
        _next.Add(header, new BindingTexts
        {
            Uri = contact.Uri.Text, Parameters = parameters, Path = _path.Octets, CallId = request.CallId, UserAgent = UserAgentOf(request),
        });
        return RegisterOutcome.Changed;
    }

    /// <summary>A request makes one flow at most, the one it came over (RFC 5626 6; OB-05, OB-06).</summary>
    private RegisterOutcome CheckOutbound(in SipRequest request, long lifetime)
    {
        if (OutboundRules.LacksFirstHop(request)) return RegisterOutcome.FirstHopLacksOutbound;
        if (lifetime > 0 && ++_flowsOfThisRequest > 1) return RegisterOutcome.BadContact;
        return RegisterOutcome.Changed;
    }

    private static ReadOnlySpan<byte> UserAgentOf(in SipRequest request)
    {
        var userAgent = request.Message.Value(HeaderId.UserAgent);
        return userAgent.Length > MaxUserAgent ? userAgent[..MaxUserAgent] : userAgent;
    }

    /// <summary>The contact's parameter wins over the header; what cannot be read counts as the default (REG-12).</summary>
    private long RequestedExpires(in SipRequest request, in ContactValue contact) =>
        contact.HasExpires ? contact.Expires ?? options.DefaultExpires : ExpiresHeader(request);

    private bool IsTooBrief(long requested) => requested > 0 && requested < options.MinExpires && requested < 3600;

    private long ExpiresHeader(in SipRequest request)
    {
        if (!request.Message.Has(HeaderId.Expires)) return options.DefaultExpires;
        return SipNumber.TryParse(request.Message.Value(HeaderId.Expires), uint.MaxValue, out var seconds) ? (long)seconds : options.DefaultExpires;
    }

    private static BindingHeader NewHeader(in SipRequest request, in ContactValue contact, in SipFlow flow, long wallMs) =>
        new() { Flow = flow, CSeq = request.CSeq, Q = contact.Q, RegisteredAt = wallMs };

    /// <summary>Removes the binding that the contact stands for, keeping its number, place and first time for the one that follows it.</summary>
    private RegisterOutcome TakeOutMatch(in SipRequest request, in ContactValue contact, ReadOnlySpan<byte> instance, ref BindingHeader header)
    {
        _scratch.Clear();
        foreach (var binding in new PackedBindings(_next.Written))
        {
            ref readonly var other = ref binding.Header;
            if (!instance.IsEmpty && binding.CallId.SequenceEqual(request.CallId) && binding.Instance.SequenceEqual(instance)) header.GruuEpoch = other.GruuEpoch;
            if (!IsSame(binding, contact.Uri, instance, header.RegId))
            {
                _scratch.Copy(binding);
                continue;
            }

            // Several contacts of one request carry the same CSeq: only bindings of earlier requests can be newer than this one.
            if (IsOutOfOrder(request, binding) && !_ofThisRequest.Contains(other.Id)) return RegisterOutcome.OutOfOrder;
            header.Id = other.Id;
            header.RegisteredAt = other.RegisteredAt;
        }

        if (header.ExpiresAt > header.RefreshedAt) Number(ref header, hasInstance: !instance.IsEmpty);
        (_next, _scratch) = (_scratch, _next);
        return RegisterOutcome.Changed;
    }

    /// <summary>Gives a new binding its number, and an instance with a new Call-ID its epoch, from the same sequence: neither is ever used again.</summary>
    private void Number(ref BindingHeader header, bool hasInstance)
    {
        if (header.Id == 0) header.Id = locations.NextBindingId();
        if (hasInstance && header.GruuEpoch == 0) header.GruuEpoch = locations.NextBindingId();
    }

    /// <summary>Instance and reg-id where Outbound applies to both, whatever the URI (RFC 5626 6); else the URI (ruling 8).</summary>
    private static bool IsSame(in PackedBinding binding, in SipUri uri, ReadOnlySpan<byte> instance, uint regId) =>
        regId != 0 && binding.Header.RegId != 0
            ? regId == binding.Header.RegId && binding.Instance.SequenceEqual(instance)
            : IsSameContact(binding, uri, instance);

    /// <summary>URI comparison among bindings whose instance is equal or absent (ruling 8).</summary>
    private static bool IsSameContact(in PackedBinding binding, in SipUri uri, ReadOnlySpan<byte> instance)
    {
        if (!binding.Uri.SequenceEqual(uri.Text) && !(SipUri.TryParse(binding.Uri, out var stored) && SipUriComparison.AreEqual(stored, uri))) return false;
        return instance.IsEmpty || binding.Instance.IsEmpty || binding.Instance.SequenceEqual(instance);
    }

    private static bool IsOutOfOrder(in SipRequest request, in PackedBinding binding) =>
        binding.CallId.SequenceEqual(request.CallId) && request.CSeq <= binding.Header.CSeq;

    /// <summary>Over the limit, the ones refreshed longest ago make room, or the request is refused (ruling 11).</summary>
    private RegisterOutcome LimitContacts()
    {
        var count = 0;
        foreach (var _ in new PackedBindings(_next.Written)) count++;
        while (count > options.MaxContacts)
        {
            if (options.ContactLimit == ContactLimitPolicy.Refuse || !RemoveOldest()) return RegisterOutcome.TooManyContacts;
            count--;
        }

        return RegisterOutcome.Changed;
    }

    /// <summary>False when all are of this request.</summary>
    private bool RemoveOldest()
    {
        long oldest = 0;
        var refreshedAt = long.MaxValue;
        foreach (var binding in new PackedBindings(_next.Written))
        {
            if (binding.Header.RefreshedAt < refreshedAt && !_ofThisRequest.Contains(binding.Header.Id)) (oldest, refreshedAt) = (binding.Header.Id, binding.Header.RefreshedAt);
        }

        if (oldest == 0) return false;
        _madeRoom.Add(oldest);
        _scratch.Clear();
        foreach (var binding in new PackedBindings(_next.Written))
        {
            if (binding.Header.Id != oldest) _scratch.Copy(binding);
        }

        (_next, _scratch) = (_scratch, _next);
        return true;
    }
}
