using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Webhooks.Tests.Http;

public sealed class TlsTests : IDisposable
{
    private const int AtOnce = 50;

    private readonly X509Certificate2 _certificate = CreateCertificate();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Http2_IsNegotiated_AndOneConnectionCarriesAll()
    {
        await using var catcher = await WebhookCatcher.StartAsync(Token, listen => listen.UseHttps(_certificate));
        using var harness = new WebhookHarness(trust: (_, certificate, _, _) => certificate?.GetCertHashString() == _certificate.GetCertHashString());
        catcher.AnswerBxml("/", "<Response/>");
        Assert.True((await harness.PostAsync(catcher.Url("/"))).Succeeded);
        var results = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => harness.PostAsync(catcher.Url("/"))));
        Assert.All(results, result => Assert.Null(result.Error));
        Assert.All(catcher.Requests, request => Assert.Equal("HTTP/2", request.Protocol));
        Assert.Single(catcher.Requests.Select(request => request.Connection).Distinct());
    }

    [Fact]
    public async Task UntrustedCertificate_IsAConnectionFailure()
    {
        await using var catcher = await WebhookCatcher.StartAsync(Token, listen => listen.UseHttps(_certificate));
        using var harness = new WebhookHarness();
        var result = await harness.PostAsync(catcher.Url("/"));
        Assert.Equal($"{catcher.Url("/")} has no TLS connection or certificate that can be trusted.", result.Error);
        Assert.Empty(catcher.Requests);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
