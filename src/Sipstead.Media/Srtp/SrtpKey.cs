using System.Security.Cryptography;

namespace Sipstead.Media.Srtp;

/// <summary>The master key and master salt of one direction (RFC 3711 3.2.1). A class without a text form, so that none gets into a log.</summary>
internal sealed class SrtpKey
{
    private readonly byte[] _octets;
    private readonly byte[] _identifier;

    /// <param name="suite">What the key is for.</param>
    /// <param name="octets">Key and salt, as long as the suite says.</param>
    /// <param name="identifier">The key identifier (MKI) that each packet carries; empty for none.</param>
    public SrtpKey(SrtpSuite suite, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> identifier = default)
    {
        if (octets.Length != suite.KeyLength + suite.SaltLength) throw new ArgumentException("The length is not that of the suite.", nameof(octets));
        Suite = suite;
        _octets = octets.ToArray();
        _identifier = identifier.ToArray();
    }

    public SrtpSuite Suite { get; }

    /// <summary>Key and salt as they stand in SDP.</summary>
    public ReadOnlySpan<byte> Octets => _octets;

    public ReadOnlySpan<byte> Key => _octets.AsSpan(0, Suite.KeyLength);

    public ReadOnlySpan<byte> Salt => _octets.AsSpan(Suite.KeyLength);

    public ReadOnlySpan<byte> Identifier => _identifier;

    /// <summary>A new random key.</summary>
    public static SrtpKey Create(SrtpSuite suite)
    {
        Span<byte> octets = stackalloc byte[suite.KeyLength + suite.SaltLength];
        RandomNumberGenerator.Fill(octets);
        return new SrtpKey(suite, octets);
    }

    /// <summary>True for the same key of the same suite.</summary>
    public bool IsSame(SrtpKey other) =>
        Suite == other.Suite && CryptographicOperations.FixedTimeEquals(_octets, other._octets) && Identifier.SequenceEqual(other.Identifier);
}

/// <summary>The keys that a party and we agreed on, of one suite.</summary>
/// <param name="Send">For what we send.</param>
/// <param name="Receive">For what the party sends.</param>
internal sealed record SrtpKeys(SrtpKey Send, SrtpKey Receive);
