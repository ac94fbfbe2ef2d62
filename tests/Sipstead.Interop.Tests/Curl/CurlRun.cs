using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Curl;

/// <summary>What curl printed: status, where a redirect leads, and the body.</summary>
internal sealed record CurlAnswer(HttpStatusCode Status, string Location, string ContentType, string Body)
{
    public XElement Xml => XElement.Parse(Body);

    public string? ErrorCode => Body.Length == 0 ? null : Xml.Descendants("ErrorCode").FirstOrDefault()?.Value;

    public string this[string element] => Xml.Descendants(element).First(e => !e.HasElements).Value;

    public override string ToString() => $"{(int)Status} {Location} {Body}";
}

/// <summary>Sends requests with curl, as the documentation's readers do.</summary>
internal sealed class CurlRun(Uri address)
{
    private const string Separator = "\n--curl--\n";

    /// <summary>Runs curl with these arguments; a path among them becomes a URL of the server.</summary>
    public async Task<CurlAnswer> SendAsync(string method, string path, string? body, params string[] more)
    {
        string[] content = body is null ? [] : ["-H", "Content-Type: application/xml; charset=utf-8", "--data-binary", body];
        var result = await ProgramRun.RunAsync(
            "curl",
            [
                "-sS", "--max-time", "20", "-X", method, "-u", $"{ServerSetup.UserName}:{ServerSetup.Password}",
                "-w", Separator + "%{http_code} %{redirect_url} %{content_type}", .. content, .. more, new Uri(address, path).ToString(),
            ],
            TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.ToString());
        var parts = result.Output.Split(Separator);
        var told = parts[1].Split(' ', 3);
        return new CurlAnswer((HttpStatusCode)int.Parse(told[0], CultureInfo.InvariantCulture), told[1], told[2], parts[0]);
    }
}
