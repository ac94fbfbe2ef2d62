using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sipstead.Server.Composition;

namespace Sipstead.Server.Tls;

/// <summary>
/// An authority of the server's own, for as long as the operator has no certificate: kept in the data folder, so that phones may be told once to trust it,
/// and limited to names below the base domain (RFC 5280 4.2.1.10), so that trusting it means little.
/// </summary>
internal sealed class OwnAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string NameConstraints = "2.5.29.30";

    /// <summary>How long an authority lives, and how long before its end the next one takes its place.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LastPart = TimeSpan.FromDays(365);

    /// <summary>How long a certificate lives.</summary>
    public static readonly TimeSpan CertificateLife = TimeSpan.FromDays(90);

    /// <summary>Clocks of phones may be behind.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _authority;

    private OwnAuthority(X509Certificate2 authority, string path, bool isNew)
    {
        _authority = authority;
        Path = path;
        IsNew = isNew;
    }

    /// <summary>The file of its certificate, for phones to trust.</summary>
    public string Path { get; }

    /// <summary>True when it was made now.</summary>
    public bool IsNew { get; }

    /// <summary>Takes the authority of the data folder, or makes one there when it has none that serves. Throws <see cref="CertificateException"/>.</summary>
    public static OwnAuthority Open(string dataDirectory, string baseDomain, DateTimeOffset now)
    {
        var folder = System.IO.Path.Combine(dataDirectory, "tls");
        var path = System.IO.Path.Combine(folder, "authority.pem");
        var keyPath = System.IO.Path.Combine(folder, "authority.key");
        try
        {
            if (Read(path, keyPath) is { } known && Serves(known, baseDomain, now)) return new OwnAuthority(known, path, isNew: false);
            PrivateFolder.Create(folder);
            return new OwnAuthority(Make(path, keyPath, baseDomain, now), path, isNew: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"The folder {folder} of the server's own TLS authority cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Makes a certificate for servers.</summary>
    /// <param name="sipDomain">The domain of its <c>sip:</c> URI (RFC 5922 7.1); null for none.</param>
    public X509Certificate2 Issue(IEnumerable<string> dnsNames, string? sipDomain, IEnumerable<IPAddress> addresses, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in dnsNames) names.AddDnsName(name);
        if (sipDomain is not null) names.AddUri(new Uri($"sip:{sipDomain}"));
        foreach (var address in addresses) names.AddIpAddress(address);
        var request = new CertificateRequest("CN=Sipstead", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        using var signed = request.Create(_authority, now - ClockMargin, Earlier(now + CertificateLife, _authority.NotAfter), NewSerial());
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Certificate2? Read(string path, string keyPath)
    {
        if (!File.Exists(path) || !File.Exists(keyPath)) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(path, keyPath);
        }
        catch (CryptographicException)
        {
            return null; // half written before a crash: phones cannot have it yet
        }
    }

    /// <summary>True when it lives for long enough and is for this base domain.</summary>
    private static bool Serves(X509Certificate2 authority, string baseDomain, DateTimeOffset now) =>
        authority.NotAfter.ToUniversalTime() > (now + LastPart).UtcDateTime
        && authority.Extensions.FirstOrDefault(one => one.Oid?.Value == NameConstraints) is { } limits
        && limits.RawData.AsSpan().SequenceEqual(LimitTo(baseDomain).RawData);

    private static X509Certificate2 Make(string path, string keyPath, string baseDomain, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serial = NewSerial();
        var subject = new X500DistinguishedName($"CN=Sipstead authority {Convert.ToHexString(serial)}");
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(LimitTo(baseDomain));
        var authority = request.CreateSelfSigned(now - ClockMargin, now + Life);
        PrivateFile.WriteLine(keyPath, key.ExportPkcs8PrivateKeyPem());
        PrivateFile.WriteLine(path, authority.ExportCertificatePem());
        return authority;
    }

    /// <summary>Permitted subtrees: DNS names that are the base domain or end in it.</summary>
    private static X509Extension LimitTo(string baseDomain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
            writer.WriteCharacterString(UniversalTagNumber.IA5String, baseDomain.ToLowerInvariant(), new Asn1Tag(TagClass.ContextSpecific, 2));
        return new X509Extension(new Oid(NameConstraints), writer.Encode(), critical: true);
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // positive and of full length
        return serial;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime other) => one < other ? one : new DateTimeOffset(other);
}
