using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Whether a certificate may stand for a SIP domain (RFC 5922 7): a chain to an authority that is trusted, and the domain among its names, in full. A
/// wildcard stands for nothing (7.2).
/// </summary>
internal static class PeerCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string SipDomain = "1.3.6.1.5.5.7.3.20"; // RFC 5924
    private const string AnyUsage = "2.5.29.37.0";
    private const string AlternativeNames = "2.5.29.17";

    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    /// <summary>What is wrong with it, in words for an operator; null when it may be trusted.</summary>
    /// <param name="sent">Certificates that the peer sent with it.</param>
    /// <param name="host">Name or address of the peer, without brackets.</param>
    /// <param name="trusted">Authorities besides those of the system.</param>
    public static string? Problem(
        X509Certificate2 certificate, X509Certificate2Collection? sent, string host, X509Certificate2Collection? trusted, DateTimeOffset now)
    {
        if (!MayServe(certificate)) return "its certificate is not for servers";
        if (!IsFor(certificate, host)) return $"its certificate does not name {host}";
        var problem = ChainProblem(certificate, sent, null, now);
        return problem is null || trusted is not { Count: > 0 } ? problem : ChainProblem(certificate, sent, trusted, now);
    }

    /// <summary>The SIP domains of a certificate: those of its <c>sip:</c> URIs, else its DNS names (RFC 5922 7.1).</summary>
    public static bool IsFor(X509Certificate2 certificate, string host)
    {
        var extension = certificate.Extensions.FirstOrDefault(one => one.Oid?.Value == AlternativeNames);
        if (extension is null) return false;
        try
        {
            return IsAmong(extension.RawData, host);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool IsAmong(byte[] names, string host)
    {
        var isFound = false;
        var isAddress = IPAddress.TryParse(host, out var address);
        List<string> domains = [], dnsNames = [];
        var sequence = new AsnReader(names, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData)
        {
            var tag = sequence.PeekTag();
            if (tag == DnsName) dnsNames.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag == Uri) AddDomain(domains, sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag == Address) isFound |= sequence.ReadOctetString(tag).AsSpan().SequenceEqual(address?.GetAddressBytes());
            else sequence.ReadEncodedValue();
        }

        if (isAddress) return isFound;
        var identities = domains.Count > 0 ? domains : dnsNames;
        return identities.Exists(name => string.Equals(name, host.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Adds the host of a <c>sip:</c> URI that has no user; any other names no domain.</summary>
    private static void AddDomain(List<string> domains, string uri)
    {
        if (!SipUri.TryParse(Encoding.ASCII.GetBytes(uri), out var parsed) || parsed.Scheme != UriScheme.Sip || !parsed.User.IsEmpty) return;
        domains.Add(Encoding.ASCII.GetString(parsed.Host));
    }

    private static bool MayServe(X509Certificate2 certificate)
    {
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return usages is null || usages.EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value is ServerAuthentication or SipDomain or AnyUsage);
    }

    private static string? ChainProblem(
        X509Certificate2 certificate, X509Certificate2Collection? sent, X509Certificate2Collection? trusted, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true; // a peer must not choose what we fetch
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent);
        if (trusted is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        if (chain.Build(certificate)) return null;
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) return $"its certificate is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u} only";
        return status.HasFlag(X509ChainStatusFlags.UntrustedRoot) || status.HasFlag(X509ChainStatusFlags.PartialChain)
            ? "no authority that is trusted stands behind its certificate (Sipstead__Tls__TrustedCertificates names more)"
            : $"its certificate is not valid: {status}";
    }
}
