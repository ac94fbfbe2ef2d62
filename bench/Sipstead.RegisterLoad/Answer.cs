using System.Buffers.Text;

namespace Sipstead.RegisterLoad;

/// <summary>A response, told apart by the branch that <see cref="RegisterWriter"/> gave its request.</summary>
internal readonly ref struct Answer
{
    private const int StatusAt = 8;

    private readonly ReadOnlySpan<byte> _text;

    private Answer(ReadOnlySpan<byte> text, int status, int device, uint cseq)
    {
        _text = text;
        (Status, Device, CSeq) = (status, device, cseq);
    }

    public int Status { get; }

    public int Device { get; }

    public uint CSeq { get; }

    /// <summary>False for keep-alives and whatever else is no answer to one of our requests.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Answer answer)
    {
        answer = default;
        if (!text.StartsWith("SIP/2.0 "u8) || !Utf8Parser.TryParse(text[StatusAt..], out int status, out _)) return false;
        var branch = text.IndexOf(RegisterWriter.Branch);
        if (branch < 0) return false;
        var rest = text[(branch + RegisterWriter.Branch.Length)..];
        if (!Utf8Parser.TryParse(rest, out int device, out var digits) || digits == rest.Length || rest[digits] != 'x') return false;
        if (!Utf8Parser.TryParse(rest[(digits + 1)..], out uint cseq, out _)) return false;
        answer = new Answer(text, status, device, cseq);
        return true;
    }

    /// <summary>The first challenge that MD5 answers.</summary>
    public bool TryReadChallenge(out ReadOnlySpan<byte> nonce, out ReadOnlySpan<byte> opaque)
    {
        var rest = _text;
        while (rest.IndexOf("-Authenticate: "u8) is >= 0 and var found)
        {
            rest = rest[found..];
            var end = rest.IndexOf("\r\n"u8);
            if (end < 0) break;
            var challenge = rest[..end];
            rest = rest[end..];
            if (challenge.IndexOf("algorithm=SHA"u8) >= 0 || challenge.IndexOf("qop="u8) < 0) continue;
            opaque = Parameter(challenge, "opaque=\""u8);
            nonce = Parameter(challenge, "nonce=\""u8);
            return nonce.Length > 0;
        }

        nonce = opaque = default;
        return false;
    }

    private static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> name)
    {
        var found = challenge.IndexOf(name);
        if (found < 0) return default;
        var value = challenge[(found + name.Length)..];
        var end = value.IndexOf((byte)'"');
        return end < 0 ? default : value[..end];
    }
}
