using System.Globalization;
using System.Text;
using QRCoder;
using Sipstead.Provisioning.Credentials;

namespace Sipstead.Dashboard.Credentials;

/// <summary>What to type into a phone so that it registers.</summary>
/// <param name="UserName">User and authentication name.</param>
/// <param name="Password">The password; null when only the user knows it.</param>
/// <param name="Domain">The realm: the phone's domain or registrar.</param>
/// <param name="Server">Host and port to send to: the outbound proxy, where the domain does not resolve.</param>
/// <param name="IsThisMachine">Whether the server is a loopback address, which only phones on its own machine reach.</param>
public sealed record PhoneSettings(string UserName, string? Password, string Domain, string Server, bool IsThisMachine)
{
    private const string Loopback = "127.0.0.1";
    private const int PixelsPerModule = 6;

    /// <summary>Transports that a phone may use; UDP is what phones begin with.</summary>
    public const string Transports = "UDP or TCP";

    /// <summary>The address-of-record.</summary>
    public string Uri => $"sip:{UserName.Replace("@", "%40", StringComparison.Ordinal)}@{Domain}";

    /// <summary>The DNS record from which phones that are given the domain alone find server and port.</summary>
    public string Srv => $"_sip._udp.{Domain}";

    /// <summary>What the code holds: one setting a line, as there is no form that all phones scan.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder().Append(Uri).Append('\n').Append("User name: ").Append(UserName).Append('\n');
            if (Password is not null) text.Append("Password: ").Append(Password).Append('\n');
            return text.Append("Domain: ").Append(Domain).Append('\n').Append("Outbound proxy: ").Append(Server).Append('\n')
                .Append("Transport: ").Append(Transports).ToString();
        }
    }

    /// <summary>The settings of a credential.</summary>
    /// <param name="page">Where the dashboard was opened: phones reach the same host.</param>
    /// <param name="port">The account's SIP port.</param>
    public static PhoneSettings Of(SipCredentialDetails credential, string? password, Uri page, int port)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(page);
        var host = page.IsLoopback ? Loopback : page.Host;
        return new PhoneSettings(
            credential.UserName, password, credential.RealmFqdn, string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), page.IsLoopback);
    }

    /// <summary><see cref="Text"/> as a QR code: a data URI of a PNG.</summary>
    public string Code()
    {
        using var code = QRCodeGenerator.GenerateQrCode(Text, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        using var image = new PngByteQRCode(code);
        return $"data:image/png;base64,{Convert.ToBase64String(image.GetGraphic(PixelsPerModule))}";
    }

    /// <inheritdoc/>
    public override string ToString() => $"settings of {Uri}";
}
