using System.Net;
using System.Text;
using Sipstead.Server.Configuration;
using Sipstead.Server.Demo;

namespace Sipstead.Server.Composition;

/// <summary>What a person reads after the start: account, user, addresses, and the next command to paste.</summary>
internal sealed record StartReport(
    ServerSettings Settings, IReadOnlyList<string> Urls, IReadOnlyList<IPEndPoint> Dns, string? OwnAuthority, string? Password, DemoAccount? Demo = null)
{
    private const string PasswordFile = "initial-password";

    /// <summary>Prints the report. A password that was made now goes to a terminal, else to a file that only this user can read (ruling 24).</summary>
    public void Print(TextWriter output, bool isTerminal)
    {
        var text = new StringBuilder();
        text.AppendLine();
        text.AppendLine("Sipstead is ready.");
        text.AppendLine();
        Line(text, "Account", $"{Settings.Provisioning.BootstrapAccountId}");
        Line(text, "API user", Settings.Provisioning.BootstrapUserName);
        if (Password is not null) Line(text, "Password", DescribePassword(Password, isTerminal));
        Line(text, "Dashboard", Url);
        Line(text, "API", string.Join("  ", Urls));
        Line(text, "SIP", $"port {Settings.Sip.Port}, UDP and TCP, on {Settings.Sip.Address}; outbound proxy for phones on this machine: 127.0.0.1:{Settings.Sip.Port}");
        if (Settings.Sip.TlsPort != 0) Line(text, "SIP TLS", $"port {Settings.Sip.TlsPort}; {DescribeCertificate}");
        if (Dns.Count > 0) Line(text, "DNS", $"{string.Join("  ", Dns)}; for baresip: dns_server {Dns[0]}");
        Line(text, "Data", Settings.DataDirectory);
        text.AppendLine();
        if (Demo is null) PrintFirstStep(text, isTerminal);
        else PrintDemo(text, Demo, isTerminal);
        text.AppendLine();
        output.Write(text);
    }

    private string Curl(bool isTerminal) => $"  curl -u {Settings.Provisioning.BootstrapUserName}:{(isTerminal ? Password : null) ?? "PASSWORD"}";

    private string DescribeCertificate => OwnAuthority is null
        ? $"certificate {string.Join(", ", Settings.Tls.Certificates)}"
        : $"our own certificate, which phones trust by {OwnAuthority}; yours: Sipstead__Tls__Certificate and Sipstead__Tls__Key";

    private string Url => Urls.Count > 0 ? Urls[0] : "";

    private void PrintFirstStep(StringBuilder text, bool isTerminal)
    {
        text.AppendLine("Next, create a realm:");
        text.AppendLine();
        text.AppendLine($"{Curl(isTerminal)} -H 'Content-Type: application/xml' \\");
        text.AppendLine("    -d '<Realm><Realm>office</Realm><Default>true</Default></Realm>' \\");
        text.AppendLine($"    {Url}/api/accounts/{Settings.Provisioning.BootstrapAccountId}/realms");
    }

    /// <summary>What to type into a softphone, and how to make it ring.</summary>
    private void PrintDemo(StringBuilder text, DemoAccount demo, bool isTerminal)
    {
        text.AppendLine("The demo is set up. Type into a softphone on this machine:");
        text.AppendLine();
        Line(text, "Domain", demo.Realm);
        Line(text, "Proxy", $"127.0.0.1:{Settings.Sip.Port}   (outbound proxy; UDP or TCP)");
        foreach (var (user, secret) in demo.Phones) Line(text, "User", $"{user}   password {secret}");
        text.AppendLine();
        text.AppendLine($"Dial {demo.Phones.Keys.Last()} to reach the other phone, or to leave a message where nobody answers. Any other number leads to a menu: the other");
        text.AppendLine("phone, your messages, a conference, an echo test, digits said back. Or let the phone ring:");
        text.AppendLine();
        text.AppendLine($"{Curl(isTerminal)} -H 'Content-Type: application/json' -d '{{\"from\": \"+12025550100\",");
        text.AppendLine($"    \"to\": \"sip:{demo.Phones.Keys.First()}@{demo.Realm}\", \"applicationId\": \"{demo.ApplicationId}\",");
        text.AppendLine($"    \"answerUrl\": \"{Url}{DemoApplication.Path}/voice\"}}' {Url}/api/v2/accounts/{Settings.Provisioning.BootstrapAccountId}/calls");
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append("  ").Append(name.PadRight(10)).AppendLine(value);

    private string DescribePassword(string password, bool isTerminal)
    {
        if (isTerminal) return $"{password}   (shown this once)";
        var path = Path.Combine(Settings.DataDirectory, PasswordFile);
        PrivateFile.WriteLine(path, password);
        return $"in {path}; delete the file once you have it";
    }
}
