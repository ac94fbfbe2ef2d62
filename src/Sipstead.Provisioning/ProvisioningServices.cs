using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Audit;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Locations;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.Tokens;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning;

/// <summary>The composition of the project.</summary>
public static class ProvisioningServices
{
    /// <summary>
    /// Adds the view, the store, the rules and the life of realms. <see cref="OpenProvisioningAsync"/> comes before the host starts.
    /// </summary>
    public static IServiceCollection AddProvisioning(this IServiceCollection services, ProvisioningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        if (options.Database is not null) services.AddHostedService<StoreWatch>();
        return services
            .AddSingleton(options)
            .AddSingleton(s => new ProvisioningView(s.GetRequiredService<ILogger<ProvisioningView>>()))
            .AddSingleton<ProvisioningStore>()
            .AddSingleton(s => new ProvisioningMetrics(s.GetRequiredService<IMeterFactory>()))
            .AddSingleton<RealmLifecycle>()
            .AddSingleton<IHostedService>(s => s.GetRequiredService<RealmLifecycle>())
            .AddSingleton(s => new AuditService(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton(s => new ProvisioningBackup(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton<AuditRetention>()
            .AddSingleton<IHostedService>(s => s.GetRequiredService<AuditRetention>())
            .AddSingleton(s => new RealmService(
                s.GetRequiredService<ProvisioningStore>(),
                s.GetRequiredService<ProvisioningView>(),
                s.GetRequiredService<RealmLifecycle>(),
                options))
            .AddSingleton(s => new SipCredentialService(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton(s => new AccountCredentialService(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton(s => new ApplicationService(
                s.GetRequiredService<ProvisioningStore>(), s.GetRequiredService<TimeProvider>(), options))
            .AddSingleton(s => new SiteService(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton(s => new LocationService(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton(s => new PhoneNumberService(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton(s => new TrunkService(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton<IRecordingCatalog>(s => new RecordingCatalog(s.GetRequiredService<ProvisioningStore>()))
            .AddSingleton(s => new ApiUserAuthenticator(
                s.GetRequiredService<ProvisioningStore>(),
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ProvisioningMetrics>()))
            .AddSingleton(s => new SignInThrottle(
                s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ProvisioningMetrics>()))
            .AddSingleton(s => new ApiPasswords(
                s.GetRequiredService<ApiUserAuthenticator>(),
                new ApiThrottle(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ProvisioningMetrics>()),
                s.GetRequiredService<ILogger<ApiPasswords>>()))
            .AddSingleton<TokenKeys>()
            .AddSingleton<AccessTokens>()
            .AddSingleton(s => new AccountAccess(
                s.GetRequiredService<ApiPasswords>(),
                s.GetRequiredService<AccessTokens>(),
                s.GetRequiredService<ProvisioningMetrics>()))
            .AddSingleton(s => new AccountService(
                s.GetRequiredService<ProvisioningStore>(),
                s.GetRequiredService<ApiUserAuthenticator>(),
                options,
                s.GetRequiredService<ILogger<AccountService>>()));
    }

    /// <summary>
    /// Creates or upgrades the database, loads the view, completes what a crash left pending, and makes the first account and user
    /// when there is none.
    /// </summary>
    /// <returns>The first user's password if it was made up now, else null. It is kept nowhere else.</returns>
    /// <exception cref="ProvisioningStoreException">The database cannot be used; the message is one line.</exception>
    public static async Task<string?> OpenProvisioningAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<ProvisioningStore>().OpenAsync(cancellationToken).ConfigureAwait(false);
        services.GetRequiredService<TokenKeys>().Open();
        await services.GetRequiredService<RealmLifecycle>().CompletePendingAsync(cancellationToken).ConfigureAwait(false);
        return await services.GetRequiredService<AccountService>().BootstrapAsync(cancellationToken).ConfigureAwait(false);
    }
}
