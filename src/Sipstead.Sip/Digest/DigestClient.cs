using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Digest;

/// <summary>
/// Meets the challenges of the far end of one call (RFC 3261 22.2, 22.3). A password is guessed from what it answers, so nobody but that far end gets an
/// answer (AUTH-21, S-07): challenges count from the address alone that the INVITE went to, and behind the INVITE those alone of the realm that it was
/// challenged with. Belongs to the serial queue of its session, and goes with it.
/// </summary>
internal sealed class DigestClient(DigestLogin login, TransportAddress peer)
{
    private readonly DigestCalculator _calculator = new();
    private byte[]? _realm;
    private byte[] _nonce = [];
    private uint _count;

    /// <summary>The challenge of a response that may be met; null when there is none.</summary>
    /// <param name="isInvite">Whether it answers the INVITE of the call, which decides on the realm.</param>
    public ReceivedChallenge? Find(SipMessage response, in SipFlow flow, bool isInvite)
    {
        if (flow.Source.Bits != peer.Bits || (_realm is null && !isInvite)) return null;
        var challenge = ReceivedChallenge.Find(response, _realm);
        _realm ??= challenge?.Realm;
        return challenge;
    }

    /// <summary>Writes the line that meets a challenge.</summary>
    public void Write(SipWriter writer, ReceivedChallenge challenge, ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> body)
    {
        Span<byte> count = stackalloc byte[8];
        Span<byte> cnonce = stackalloc byte[16];
        Span<byte> response = stackalloc byte[2 * DigestValue.LongLength];
        NextCount(challenge.Nonce).TryFormat(count, out _, "x8", System.Globalization.CultureInfo.InvariantCulture);
        Sessions.SessionLayer.NextRandom().TryFormat(cnonce, out _, "x16", System.Globalization.CultureInfo.InvariantCulture);
        var credentials = new DigestCredentials
        {
            Realm = challenge.Realm, Nonce = challenge.Nonce, Uri = uri, CNonce = cnonce, NonceCountText = count, Qop = challenge.Qop,
            Algorithm = challenge.Algorithm,
        };
        var userName = Encoding.UTF8.GetBytes(login.UserName);
        var secret = _calculator.Secret(challenge.Algorithm, userName, challenge.Realm, Encoding.UTF8.GetBytes(login.Password));
        var answer = _calculator.Response(secret, method, body, credentials).WriteHex(response);
        Write(writer, challenge.IsProxy, userName, credentials, answer);
        if (challenge.NamesAlgorithm) Token(writer, ", algorithm="u8, challenge.Algorithm.Token());
        if (challenge.Opaque is { } opaque) Quoted(writer, ", opaque=\""u8, opaque);
        if (challenge.Qop != DigestQop.None) WriteQop(writer, credentials);
        writer.EndLine();
    }

    private static void Write(SipWriter writer, bool isProxy, byte[] userName, in DigestCredentials credentials, ReadOnlySpan<byte> response)
    {
        writer.Text(isProxy ? "Proxy-Authorization: Digest username=\""u8 : "Authorization: Digest username=\""u8);
        foreach (ref readonly var octet in userName.AsSpan())
        {
            if (octet is (byte)'"' or (byte)'\\') writer.Text("\\"u8);
            writer.Value(new ReadOnlySpan<byte>(in octet));
        }

        Quoted(writer, "\", realm=\""u8, credentials.Realm);
        Quoted(writer, ", nonce=\""u8, credentials.Nonce);
        Quoted(writer, ", uri=\""u8, credentials.Uri);
        Quoted(writer, ", response=\""u8, response);
    }

    private static void WriteQop(SipWriter writer, in DigestCredentials credentials)
    {
        writer.Text(credentials.Qop == DigestQop.Auth ? ", qop=auth"u8 : ", qop=auth-int"u8);
        Token(writer, ", nc="u8, credentials.NonceCountText);
        Quoted(writer, ", cnonce=\""u8, credentials.CNonce);
    }

    private static void Quoted(SipWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Token(writer, name, value);
        writer.Text("\""u8);
    }

    private static void Token(SipWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        writer.Text(name);
        writer.Value(value);
    }

    /// <summary>How often the nonce was used, this time included (RFC 7616 3.4 nc).</summary>
    private uint NextCount(byte[] nonce)
    {
        if (!_nonce.AsSpan().SequenceEqual(nonce)) (_nonce, _count) = (nonce, 0);
        return ++_count;
    }
}
