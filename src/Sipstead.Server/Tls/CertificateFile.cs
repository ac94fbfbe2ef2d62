using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sipstead.Server.Tls;

/// <summary>A certificate read from PEM files, ready for handshakes.</summary>
internal sealed record CertificateFile(string Path, X509Certificate2 Certificate, SslStreamCertificateContext Context)
{
    private const string CertificateSetting = "Sipstead:Tls:Certificate";
    private const string KeySetting = "Sipstead:Tls:Key";

    /// <summary>Reads certificate, chain and key. Throws <see cref="CertificateException"/>.</summary>
    public static CertificateFile Read(string certificatePath, string keyPath)
    {
        var certificateText = ReadText(CertificateSetting, certificatePath);
        var keyText = ReadText(KeySetting, keyPath);
        var all = ParseAll(CertificateSetting, certificatePath, certificateText);
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificateText, keyText);
            all.RemoveAt(0);
            return new CertificateFile(certificatePath, certificate, SslStreamCertificateContext.Create(certificate, all, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateException(KeyProblem(certificatePath, keyPath, keyText), e);
        }
    }

    /// <summary>Reads authorities. Throws <see cref="CertificateException"/>.</summary>
    public static X509Certificate2Collection ReadAuthorities(string path)
    {
        const string setting = "Sipstead:Tls:TrustedCertificates";
        return ParseAll(setting, path, ReadText(setting, path));
    }

    /// <summary>True when it names the host; a wildcard stands for one label. What is no host name, which peers may send, has no certificate.</summary>
    public bool IsFor(string host)
    {
        try
        {
            return Certificate.MatchesHostname(host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static X509Certificate2Collection ParseAll(string setting, string path, string text)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new CertificateException($"{setting} is \"{path}\": a certificate in it cannot be read. Give a PEM file (-----BEGIN CERTIFICATE-----).", e);
        }

        if (all.Count == 0) throw new CertificateException($"{setting} is \"{path}\": there is no certificate in it. Give a PEM file (-----BEGIN CERTIFICATE-----).");
        return all;
    }

    private static string KeyProblem(string certificatePath, string keyPath, string keyText)
    {
        if (keyText.Contains("ENCRYPTED", StringComparison.Ordinal))
            return $"{KeySetting} is \"{keyPath}\": the key is encrypted. Give it without a password, readable by the server's user only (mode 0600).";
        return PemEncoding.TryFind(keyText, out _)
            ? $"{KeySetting} is \"{keyPath}\": the key does not fit the first certificate in {certificatePath}. Give the key that it was made for."
            : $"{KeySetting} is \"{keyPath}\": there is no private key in it. Give a PEM file (-----BEGIN PRIVATE KEY-----).";
    }

    private static string ReadText(string setting, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CertificateException($"{setting} is \"{path}\": the server's user may not read it. Correct its owner or mode.", e);
        }
        catch (IOException e)
        {
            throw new CertificateException($"{setting} is \"{path}\": it cannot be read ({e.Message}).", e);
        }
    }
}
