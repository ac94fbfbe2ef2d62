using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Server.Configuration;
using Sipstead.Server.Tls;
using Sipstead.Testing;
using Sipstead.Testing.Tls;

namespace Sipstead.Server.Tests.Tls;

/// <summary>Which certificate is shown to whom, and when another one takes its place.</summary>
public sealed class ServerCertificatesTests : IDisposable, ILogger
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly List<string> _log = [];

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TPT_18_OwnAuthority_IssuesForEachRealm_AndForNoOtherName()
    {
        var certificates = Open(realm => realm.ToLowerInvariant() is "office.3efeaa.sip.example.org" or "lab.3efeaa.sip.example.org");

        var office = certificates.Select("office.3efeaa.sip.example.org").TargetCertificate;
        Assert.True(office.MatchesHostname("office.3efeaa.sip.example.org"));
        Assert.True(office.MatchesHostname("other.3efeaa.sip.example.org")); // ruling 18
        Assert.Contains("sip:office.3efeaa.sip.example.org", AlternativeNames(office), StringComparison.Ordinal);
        Assert.NotEqual(office.Thumbprint, certificates.Select("lab.3efeaa.sip.example.org").TargetCertificate.Thumbprint);
        Assert.Same(certificates.Select("office.3efeaa.sip.example.org"), certificates.Select("OFFICE.3efeaa.sip.example.org"));

        var common = certificates.Select(null);
        Assert.True(common.TargetCertificate.MatchesHostname("sip.example.org"));
        Assert.True(common.TargetCertificate.MatchesHostname("127.0.0.1"));
        foreach (var stranger in (string[])["x.3efeaa.sip.example.org", "example.net", "", "\0"]) Assert.Same(common, certificates.Select(stranger));
    }

    [Fact]
    public void TPT_18_OwnAuthority_IsKept_AndItsCertificatesHold_ButNotForOtherDomains()
    {
        var first = Open(_ => true);
        var second = Open(_ => true);
        var root = X509CertificateLoader.LoadCertificateFromFile(second.OwnAuthorityPath!);

        Assert.True(Holds(first.Select("a.b.sip.example.org").TargetCertificate, root));
        Assert.True(Holds(second.Select("a.b.sip.example.org").TargetCertificate, root));
        Assert.False(Holds(second.Select("www.example.net").TargetCertificate, root)); // the authority's name constraints

        Open(_ => true, "other.example.org"); // another base domain takes another authority
        Assert.False(Holds(first.Select(null).TargetCertificate, X509CertificateLoader.LoadCertificateFromFile(second.OwnAuthorityPath!)));
    }

    [Fact]
    public void S_60_OwnCertificate_IsMadeAnewBeforeItEnds()
    {
        var certificates = Open(_ => false);
        var first = certificates.Select(null).TargetCertificate;
        _time.Advance(TimeSpan.FromDays(59));
        Assert.Same(first, certificates.Select(null).TargetCertificate);
        _time.Advance(TimeSpan.FromDays(2));
        var second = certificates.Select(null).TargetCertificate;
        Assert.True(second.NotAfter > first.NotAfter);
        Assert.True(first.NotAfter.ToUniversalTime() > _time.GetUtcNow().UtcDateTime.AddDays(20));
    }

    [Fact]
    public void S_60_OwnAuthority_IsMadeAnewInItsLastYear()
    {
        var path = Open(_ => false).OwnAuthorityPath!;
        var first = File.ReadAllText(path);
        _time.Advance(TimeSpan.FromDays(3650 - 370));
        Open(_ => false);
        Assert.Equal(first, File.ReadAllText(path));
        _time.Advance(TimeSpan.FromDays(10));
        Open(_ => false);
        Assert.NotEqual(first, File.ReadAllText(path));
    }

    [Fact]
    public void S_60_ChangedFiles_AreNoticed_AlsoThroughLinks_AndBrokenOnesKeepTheOld()
    {
        var certificates = new[] { _authority.Issue(["sip.example.org"]), _authority.Issue(["sip.example.org"]), _authority.Issue(["sip.example.org"]) };
        for (var i = 0; i < 3; i++) TestAuthority.Write(certificates[i], _folder[$"{i}.pem"], _folder[$"{i}.key"]);
        Link(0, 0);
        var server = Open(_ => false, files: "live");
        using var watch = new CertificateWatch(server, _time);
        Assert.Equal(certificates[0].Thumbprint, server.Select(null).TargetCertificate.Thumbprint);

        Link(1, 1);
        _time.Advance(PollInterval);
        Assert.Equal(certificates[1].Thumbprint, server.Select(null).TargetCertificate.Thumbprint);

        Link(2, 1); // a certificate whose key comes a little later
        _time.Advance(PollInterval);
        _time.Advance(PollInterval);
        Assert.Equal(certificates[1].Thumbprint, server.Select(null).TargetCertificate.Thumbprint);
        Assert.Contains("does not fit", Assert.Single(_log, line => line.StartsWith("Error", StringComparison.Ordinal)), StringComparison.Ordinal);

        File.Delete(_folder["live.key"]);
        _time.Advance(PollInterval);
        Link(2, 2);
        _time.Advance(PollInterval);
        Assert.Equal(certificates[2].Thumbprint, server.Select(null).TargetCertificate.Thumbprint);
    }

    [Fact]
    public void S_60_ExpiredFile_IsWarnedOfAtStart_AndNotTakenLater()
    {
        Write(_authority.Issue(["sip.example.org"], -30, -1));
        var expired = Open(_ => false, files: "live");
        Assert.Contains(_log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("live.pem ends on", StringComparison.Ordinal));

        var good = _authority.Issue(["sip.example.org"]);
        Write(good);
        expired.Reload();
        Assert.Equal(good.Thumbprint, expired.Select(null).TargetCertificate.Thumbprint);
        Write(_authority.Issue(["sip.example.org"], -30, -1));
        expired.Reload();
        Assert.Equal(good.Thumbprint, expired.Select(null).TargetCertificate.Thumbprint);
        Assert.Contains(_log, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("has ended", StringComparison.Ordinal));
    }

    [Fact]
    public void S_60_CertificateThatEndsSoon_IsWarnedOfEveryDay()
    {
        Write(_authority.Issue(["sip.example.org"], toDay: 15));
        _time.Advance(TimeSpan.FromHours(12));
        using var watch = new CertificateWatch(Open(_ => false, files: "live"), _time);
        Assert.DoesNotContain(_log, line => line.StartsWith("Warning", StringComparison.Ordinal));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Single(_log, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public void TPT_18_SeveralFiles_AreChosenFromByName()
    {
        var (a, b) = (_authority.Issue(["a.example.org"]), _authority.Issue(["*.b.example.org"]));
        TestAuthority.Write(a, _folder["a.pem"], _folder["a.key"]);
        TestAuthority.Write(b, _folder["b.pem"], _folder["b.key"]);
        var certificates = Open(_ => false, settings:
            [("Tls:Certificate", $"{_folder["a.pem"]},{_folder["b.pem"]}"), ("Tls:Key", $"{_folder["a.key"]},{_folder["b.key"]}")]);

        Assert.Equal(b.Thumbprint, certificates.Select("office.b.example.org").TargetCertificate.Thumbprint);
        foreach (var name in (string?[])["a.example.org", "x.office.b.example.org", null, "", "\0"])
            Assert.Equal(a.Thumbprint, certificates.Select(name).TargetCertificate.Thumbprint);
        Assert.Null(certificates.OwnAuthorityPath);
    }

    [Theory]
    [InlineData("live.pem", null, "cannot be read")]
    [InlineData("live.pem", "", "there is no certificate in it")]
    [InlineData("live.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "a certificate in it cannot be read")]
    [InlineData("live.key", "", "there is no private key in it")]
    [InlineData("live.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "the key is encrypted")]
    public void UnusableFile_IsNamedWithARemedy(string file, string? content, string words)
    {
        Write(_authority.Issue(["sip.example.org"]));
        if (content is null) File.Delete(_folder[file]);
        else _folder.Write(file, content);
        var error = Assert.Throws<CertificateException>(() => Open(_ => false, files: "live"));
        Assert.Contains(_folder[file], error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Add($"{logLevel} {formatter(state, exception)}");

    private ServerCertificates Open(Func<string, bool> isRealm, string baseDomain = "sip.example.org", string? files = null, (string Key, string Value)[]? settings = null)
    {
        var values = (settings ?? []).Append(("DataDirectory", _folder["data"])).Append(("BaseDomain", baseDomain));
        if (files is not null) values = values.Append(("Tls:Certificate", _folder[files + ".pem"])).Append(("Tls:Key", _folder[files + ".key"]));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"Sipstead:{pair.Item1}", (string?)pair.Item2))).Build();
        return ServerCertificates.Open(ServerSettings.Read(configuration), isRealm, _time, this);
    }

    private void Write(X509Certificate2 certificate) => TestAuthority.Write(certificate, _folder["live.pem"], _folder["live.key"]);

    private void Link(int certificate, int key)
    {
        foreach (var (link, target) in new[] { ("live.pem", $"{certificate}.pem"), ("live.key", $"{key}.key") })
        {
            File.Delete(_folder[link]);
            File.CreateSymbolicLink(_folder[link], _folder[target]);
        }
    }

    private static string AlternativeNames(X509Certificate2 certificate) =>
        System.Text.Encoding.Latin1.GetString(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().RawData);

    private bool Holds(X509Certificate2 certificate, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().LocalDateTime;
        return chain.Build(certificate);
    }
}
