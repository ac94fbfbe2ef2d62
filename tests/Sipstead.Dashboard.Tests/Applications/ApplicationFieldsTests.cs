using Microsoft.Extensions.DependencyInjection;
using Sipstead.Dashboard.Applications;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Applications;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Applications;

/// <summary>What the rules refuse stands at the field that it is about, whichever rule it is.</summary>
public sealed class ApplicationFieldsTests : IAsyncLifetime
{
    private const long Account = 9_900_000;

    private static readonly string Long = new('x', 5000);

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public ApplicationFieldsTests() => _services = new ServiceCollection()
        .AddLogging().AddProvisioning(new ProvisioningOptions { DataDirectory = _folder["data"], BootstrapPassword = "correct horse battery" })
        .BuildServiceProvider();

    public static TheoryData<string> Cases => [.. Refused.Keys];

    private static Dictionary<string, (ApplicationInput Input, string Field)> Refused { get; } = new()
    {
        ["no name"] = (Valid(input => input.Name = " "), nameof(ApplicationField.Name)),
        ["long name"] = (Valid(input => input.Name = Long), nameof(ApplicationField.Name)),
        ["no URL"] = (Valid(input => input.CallInitiatedUrl = null), nameof(ApplicationField.CallInitiatedUrl)),
        ["bad URL"] = (Valid(input => input.CallInitiatedUrl = "ftp://a.example"), nameof(ApplicationField.CallInitiatedUrl)),
        ["bad fallback"] = (Valid(input => input.FallbackUrl = "nowhere"), nameof(ApplicationField.FallbackUrl)),
        ["bad status URL"] = (Valid(input => input.CallStatusUrl = "https://"), nameof(ApplicationField.CallStatusUrl)),
        ["colon in user name"] = (Valid(input => (input.UserId, input.Password) = ("a:b", "c")), nameof(ApplicationField.UserId)),
        ["password without user"] = (Valid(input => input.Password = "c"), nameof(ApplicationField.UserId)),
        ["user without password"] = (Valid(input => input.UserId = "a"), nameof(ApplicationField.Password)),
        ["long password"] = (Valid(input => (input.UserId, input.Password) = ("a", Long)), nameof(ApplicationField.Password)),
        ["fallback user without password"] = (Valid(input => input.FallbackUserId = "a"), nameof(ApplicationField.FallbackPassword)),
        ["colon in fallback user name"] = (Valid(input => (input.FallbackUserId, input.FallbackPassword) = ("a:b", "c")), nameof(ApplicationField.FallbackUserId)),
        ["timeout of 26 s"] = (Valid(input => input.TimeoutSeconds = 26), nameof(ApplicationField.Timeout)),
        ["timeout of -1 s"] = (Valid(input => input.TimeoutSeconds = -1), nameof(ApplicationField.Timeout)),
    };

    public async ValueTask InitializeAsync() => await _services.OpenProvisioningAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Refusal_NamesItsField(string name)
    {
        var (input, field) = Refused[name];

        var result = await _services.GetRequiredService<ApplicationService>().CreateAsync(Account, input.ToForm(), TestContext.Current.CancellationToken);

        Assert.NotNull(result.Error);
        Assert.Equal(field, ApplicationFields.Of(result.Error).ToString());
    }

    [Fact]
    public void RefusalOfNoField_StandsAboveTheForm() => Assert.Equal(
        ApplicationField.None, ApplicationFields.Of(new ProvisioningError(ProvisioningErrorKind.NotFound, ErrorCodes.ApplicationNotFound, "It is gone")));

    [Fact]
    public async Task Form_OfAnApplication_ChangesNothing_AndKeepsItsPassword()
    {
        var cancel = TestContext.Current.CancellationToken;
        var service = _services.GetRequiredService<ApplicationService>();
        var filled = Valid(input =>
        {
            input.FallbackUrl = "http://b.example/";
            input.CallStatusUrl = "http://c.example/";
            (input.CallInitiatedMethod, input.FallbackMethod, input.CallStatusMethod) = (CallbackMethod.Get, CallbackMethod.Get, CallbackMethod.Get);
            (input.UserId, input.Password, input.FallbackUserId, input.FallbackPassword) = ("a", "b", "c", "d");
            input.TimeoutSeconds = 7.5;
        });
        var made = (await service.CreateAsync(Account, filled.ToForm(), cancel)).Value!;

        var saved = await service.UpdateAsync(Account, made.Id, ApplicationInput.Of(made).ToForm(), cancel);

        Assert.Equal(made, saved.Value);
    }

    private static ApplicationInput Valid(Action<ApplicationInput> change)
    {
        var input = new ApplicationInput { Name = "menu", CallInitiatedUrl = "https://a.example/" };
        change(input);
        return input;
    }
}
