using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Location;

/// <summary>View of one packed binding.</summary>
internal readonly ref struct PackedBinding
{
    private readonly BindingHeader _header;
    private readonly int _textsAt;

    public PackedBinding(ReadOnlySpan<byte> octets)
    {
        Octets = octets;
        _textsAt = BindingLayout.Read(octets, out _header);
    }

    /// <summary>All octets of the binding.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    [UnscopedRef]
    public readonly ref readonly BindingHeader Header => ref _header;

    /// <summary>All texts, one behind the other.</summary>
    public ReadOnlySpan<byte> Texts => Octets[_textsAt..];

    /// <summary>The Contact URI as sent, without angle brackets.</summary>
    public ReadOnlySpan<byte> Uri => Octets.Slice(_textsAt, _header.UriLength);

    /// <summary>Contact parameters as sent, without expires, each with its leading ';'.</summary>
    public ReadOnlySpan<byte> Parameters => Octets.Slice(_textsAt + _header.UriLength, _header.ParametersLength);

    /// <summary>Path values as sent, in order, separated by commas (RFC 3327).</summary>
    public ReadOnlySpan<byte> Path => Octets.Slice(_textsAt + _header.UriLength + _header.ParametersLength, _header.PathLength);

    public ReadOnlySpan<byte> CallId => Octets.Slice(Octets.Length - _header.UserAgentLength - _header.CallIdLength, _header.CallIdLength);

    public ReadOnlySpan<byte> UserAgent => Octets[^_header.UserAgentLength..];

    /// <summary>Value of +sip.instance as sent, quotes included; empty when absent.</summary>
    public ReadOnlySpan<byte> Instance => HeaderParameters.TryFind(Parameters, "+sip.instance"u8, out var value) ? value : default;

    /// <summary>The instance without quotes and angle brackets; empty when there is none, or it is not of that form (RFC 5626 4.1).</summary>
    public ReadOnlySpan<byte> InstanceId => Instance is [(byte)'"', (byte)'<', .. var id, (byte)'>', (byte)'"'] ? id : default;

    /// <summary>True for a flow that Outbound applies to and that is a connection.</summary>
    public bool IsOutboundConnection => Header.RegId != 0 && Header.Flow.Transport.IsStream();

    /// <summary>True when the device is behind a NAT: the request's source is not what its Contact says (ruling 13).</summary>
    public bool IsBehindNat
    {
        get
        {
            if (!SipUri.TryParse(Uri, out var uri)) return false;
            Span<byte> text = stackalloc byte[TransportAddress.MaxTextLength];
            var source = Header.Flow.Source;
            if (source.Port != (uri.Port < 0 ? 5060 : uri.Port)) return true;
            return !Ascii.EqualsIgnoreCase(SipUri.TrimBrackets(uri.Host), text[..source.FormatAddress(text)]);
        }
    }
}

/// <summary>Walks the bindings of one address-of-record, which lie one behind the other.</summary>
internal ref struct PackedBindings(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    public PackedBinding Current { get; private set; }

    public readonly PackedBindings GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        var length = BindingLayout.LengthOf(_rest);
        Current = new PackedBinding(_rest[..length]);
        _rest = _rest[length..];
        return true;
    }

    /// <summary>True when the octets are whole bindings, as they must be before anything walks them (a journal is read back through this).</summary>
    public static bool AreWhole(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            if (!BindingLayout.IsWhole(octets)) return false;
            octets = octets[BindingLayout.LengthOf(octets)..];
        }

        return true;
    }
}
