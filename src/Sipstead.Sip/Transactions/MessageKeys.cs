using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>
/// Keys of the tables: the first 128 bits of SHA-256 over all parts that must be equal. They have one size whatever a peer sends, and nobody can make
/// two that collide.
/// </summary>
internal static class MessageKeys
{
    private const int MaxHost = 256;

    [ThreadStatic]
    private static IncrementalHash? _hash;

    private static IncrementalHash Hash => _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>
    /// Key of a server transaction (RFC 3261 17.2.3, TXN-08) with the peer's address in it, so that no peer can absorb another's requests (TXN-09).
    /// </summary>
    /// <param name="method">The request's method; INVITE for the ACK and CANCEL that belong to one.</param>
    public static UInt128 OfServerTransaction(in SipRequest request, SipMethod method, TransportAddress source)
    {
        Add(source);
        Add((uint)method);
        if (method == SipMethod.Unknown) Add(request.Message.MethodToken);
        var branch = request.Via.Branch;
        var hasCookie = branch.Length > SipRequest.BranchCookie.Length
            && Ascii.EqualsIgnoreCase(branch[..SipRequest.BranchCookie.Length], SipRequest.BranchCookie);
        if (hasCookie) AddBranch(request.Via);
        else AddFieldsOf2543(request);
        return Finish();
    }

    /// <summary>Key of a dialog (RFC 3261 12, DLG-01). A tag that is absent counts as empty.</summary>
    public static UInt128 OfDialog(ReadOnlySpan<byte> callId, ReadOnlySpan<byte> localTag, ReadOnlySpan<byte> remoteTag)
    {
        Add(callId);
        Add(localTag);
        Add(remoteTag);
        return Finish();
    }

    /// <summary>Key by which a merged request is known (RFC 3261 8.2.2.2, TXN-14).</summary>
    public static UInt128 OfMergedRequest(in SipRequest request)
    {
        Add(request.From.Tag);
        Add(request.CallId);
        Add(request.CSeq);
        return Finish();
    }

    private static void AddBranch(in Via via)
    {
        Add(via.Branch);
        AddHost(via.Host);
        Add((uint)via.Port);
    }

    /// <summary>Hosts are compared without case.</summary>
    private static void AddHost(ReadOnlySpan<byte> host)
    {
        Span<byte> lower = stackalloc byte[MaxHost];
        if (host.Length <= lower.Length && Ascii.ToLower(host, lower, out var written) == OperationStatus.Done) Add(lower[..written]);
        else Add(host);
    }

    /// <summary>Without a branch of RFC 3261. The To tag is left out, since the ACK has one where its INVITE has none; CSeq and Via tell enough.</summary>
    private static void AddFieldsOf2543(in SipRequest request)
    {
        Add(request.Message.RequestUri);
        Add(request.From.Tag);
        Add(request.CallId);
        Add(request.CSeq);
        Add(request.Via.Text);
    }

    /// <summary>Adds a part and its length, so that no two lists of parts read alike.</summary>
    private static void Add(ReadOnlySpan<byte> part)
    {
        Hash.AppendData(part);
        Add((uint)part.Length);
    }

    private static void Add(uint number)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(octets, number);
        Hash.AppendData(octets);
    }

    private static void Add(TransportAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, address.Bits);
        Hash.AppendData(octets);
    }

    private static UInt128 Finish()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
