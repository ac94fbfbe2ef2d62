using CsCheck;
using Sipstead.Provisioning.Applications;

namespace Sipstead.Provisioning.Tests.Applications;

public sealed class ApplicationRulesTests
{
    private static readonly string?[] Telling =
        [null, "", "remove", "GET", "POST", "Voice", "Messaging-V2", "http://a.example/", "http://[", "7", "25.5"];

    private static readonly Gen<string?> Text = Gen.Select(Gen.Int[0, 2], Gen.Int[0, Telling.Length - 1], Gen.Char.Array[0, 40], string? (kind, at, chars) => kind switch
    {
        0 => Telling[at],
        1 => new string(chars),
        _ => "http://" + new string(chars),
    });

    /// <summary>Whatever is accepted, the view can make an entry of it.</summary>
    [Fact]
    public void Create_AnyText_NeverThrowsAndGivesUsableUrls() =>
        Text.Array[10].Sample(text =>
        {
            var wish = new NewApplication
            {
                ServiceType = text[0] ?? "Voice",
                AppName = text[1] ?? "n",
                CallInitiatedCallbackUrl = text[2] ?? "http://localhost/",
                CallInitiatedMethod = text[3],
                CallInitiatedFallbackUrl = text[4],
                CallStatusCallbackUrl = text[5],
                CallStatusMethod = text[6],
                CallbackCreds = new NewCallbackCredentials(text[7], text[8]),
                CallbackTimeout = text[9],
                RequestedCallbackTypes = text[9] is null ? null : [text[9]!],
            };
            var result = new ApplicationRules(requireHttps: false).Create(wish);
            if (!result.IsSuccess) Assert.NotEmpty(result.Error.Description);
            else if (result.Value.ServiceType == ApplicationServiceType.Voice) AssertUsable(result.Value);
        });

    [Fact]
    public void Error_OfAnyPassword_DoesNotRepeatIt()
    {
        var wish = new NewApplication
        {
            ServiceType = "Voice",
            AppName = "n",
            CallInitiatedCallbackUrl = "http://localhost/",
            CallbackCreds = new NewCallbackCredentials(null, "hush\n"),
        };
        Assert.DoesNotContain("hush", new ApplicationRules(requireHttps: false).Create(wish).Error!.Description, StringComparison.Ordinal);
    }

    private static void AssertUsable(ApplicationSettings settings)
    {
        var application = new Provisioning.Store.Application
        {
            Name = settings.Name,
            NameKey = ApplicationRules.KeyOf(settings.Name),
            Voice = settings.Voice,
            Messaging = settings.Messaging,
        };
        var entry = ApplicationService.EntryOf(application, settings.Voice);
        Assert.True(entry.CallInitiatedUrl.Scheme is "http" or "https");
        Assert.NotEmpty(entry.CallInitiatedUrl.Host);
        Assert.InRange(entry.CallbackTimeout.TotalSeconds, 1, 25);
    }
}
