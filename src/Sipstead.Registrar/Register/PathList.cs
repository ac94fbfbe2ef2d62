using Sipstead.Sip.Messages;

namespace Sipstead.Registrar.Register;

/// <summary>
/// The Path of a REGISTER (RFC 3327 5.3), kept whether or not the device supports it: a proxy on the way wrote it, and needs it to reach the device. One for
/// each receiving loop, for its buffer.
/// </summary>
internal sealed class PathList
{
    /// <summary>Octets of all values together; more gets 400.</summary>
    public const int MaxLength = 2048;

    private readonly byte[] _octets = new byte[MaxLength];
    private int _length;

    /// <summary>The values in order, separated by commas.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

    /// <summary>Takes the values of a request. False when one is no SIP URI of a loose router, or they are too many.</summary>
    public bool TryRead(SipMessage request)
    {
        _length = 0;
        foreach (var value in request.Values(HeaderId.Path))
        {
            if (!NameAddress.TryParse(value, out var hop) || !hop.Uri.IsSip || !hop.Uri.TryGetParameter("lr"u8, out _)) return false;
            var start = _length == 0 ? 0 : _length + 1;
            if (start + value.Length > MaxLength) return false;
            if (start > 0) _octets[_length] = (byte)',';
            value.CopyTo(_octets.AsSpan(start));
            _length = start + value.Length;
        }

        return true;
    }
}
