using System.Text;
using Sipstead.Dashboard.Credentials;
using Sipstead.Provisioning.Credentials;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>What an export holds, and what it keeps back.</summary>
public sealed class CredentialDownloadsTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef";

    private static readonly ShaHashes Sha = SipPassword.Sha("alice", "office.example.com", "secret");

    [Fact]
    public async Task Export_HoldsNoHashes_UnlessAskedFor()
    {
        Assert.DoesNotContain(Hash, await WriteAsync(withHashes: false, "alice"), StringComparison.Ordinal);
        Assert.DoesNotContain(Sha.Hash1Sha256!, await WriteAsync(withHashes: false, "alice"), StringComparison.Ordinal);
        Assert.Contains(Hash, await WriteAsync(withHashes: true, "alice"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=cmd|calc")]
    [InlineData("+12025550100")]
    [InlineData("-1")]
    [InlineData("@SUM")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    public async Task CellThatASpreadsheetWouldRun_IsDefused(string text)
    {
        var written = await WriteAsync(withHashes: false, "alice", application: text);

        Assert.Contains($"'{text}", written, StringComparison.Ordinal);
        Assert.DoesNotContain($",{text}", written, StringComparison.Ordinal);
        Assert.DoesNotContain($",\"{text}", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FormulaWithComma_IsDefusedWithinItsQuotes()
    {
        Assert.Contains("\"'=A1,\"\"B1\"\"\"", await WriteAsync(withHashes: false, "alice", application: "=A1,\"B1\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_WithHashes_IsReadBackAsItWas()
    {
        var written = await WriteAsync(withHashes: true, "+12025550100", application: "Front desk");
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(written));

        var row = Assert.Single(CredentialCsv.Read(file).Rows);

        Assert.Equal(new CsvCredential(2, "+12025550100", null, Hash, Hash, "office.example.com", "Front desk") { Sha = Sha }, row);
    }

    [Fact]
    public async Task Export_BeginsWithTheMarkThatSpreadsheetsNeed()
    {
        using var output = new MemoryStream();
        await CredentialDownloads.WriteAsync(output, Rows([]), withHashes: false, TestContext.Current.CancellationToken);

        Assert.Equal("\uFEFFUserName,Realm,ApplicationId,ApplicationName,Id\r\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Path_CarriesTheFilter()
    {
        var application = Guid.NewGuid();
        var search = new SipCredentialSearch { RealmId = 7, Text = "a&b", ApplicationId = application };

        Assert.Equal($"/accounts/5/credentials.csv?realm=7&text=a%26b&application={application}&hashes=true", CredentialDownloads.Path(5, search, withHashes: true));
        Assert.Equal("/accounts/5/credentials.csv", CredentialDownloads.Path(5, new SipCredentialSearch(), withHashes: false));
    }

    private static async Task<string> WriteAsync(bool withHashes, string userName, string? application = null)
    {
        var credential = new SipCredentialDetails
        {
            Id = 1, RealmId = 2, RealmFqdn = "office.example.com", UserName = userName, Hash1 = Hash, Hash1b = Hash, Sha = Sha, HttpVoiceV2AppId = null,
        };
        using var output = new MemoryStream();
        await CredentialDownloads.WriteAsync(output, Rows([new SipCredentialRow(credential, application)]), withHashes, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static IAsyncEnumerable<SipCredentialRow> Rows(IEnumerable<SipCredentialRow> rows) => rows.ToAsyncEnumerable();
}
