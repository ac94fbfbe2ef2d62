using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Bxml;
using Sipstead.Dashboard.Components;
using Sipstead.Dashboard.Doctor;
using Sipstead.Dashboard.Live;
using Sipstead.Dashboard.Overview;
using Sipstead.Dashboard.SignIn;
using Sipstead.Dns.Inspection;

namespace Sipstead.Dashboard;

/// <summary>The composition of the project.</summary>
public static class DashboardServices
{
    private const long MaximumMessage = 256 * 1024;

    /// <summary>Adds the dashboard. Provisioning, the registrar, the call engine and the DNS zone must be there.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options).AddSingleton<EndedSessions>().AddSingleton<DashboardSession>().AddSingleton<CircuitLimit>();
        services.AddSingleton(options.Connection).AddSingleton<ZoneInspector>().AddSingleton<SystemLookup>().AddSingleton<ZoneProbe>().AddSingleton<ConnectionDoctor>();
        services.AddSingleton<ActivityLog>().AddHostedService(provider => provider.GetRequiredService<ActivityLog>()).AddSingleton<OverviewReader>();
        services.AddScoped<SignedInUser>().AddScoped<BrowserBridge>().AddScoped<BxmlDraft>().AddSingleton<RegisteredDevices>();
        services.AddScoped<AuthenticationStateProvider, CircuitUser>();
        services.AddScoped<CircuitHandler, CircuitActor>();
        services.AddScoped<CircuitHandler>(provider => new CircuitCount(provider.GetRequiredService<CircuitLimit>()));
        services.AddDataProtection().SetApplicationName("Sipstead").PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(options.DataDirectory, "keys")));
        services.AddAuthentication(DashboardSession.Scheme).AddCookie(DashboardSession.Scheme, DashboardSession.Configure);
        services.AddAuthorization();
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = "sipstead-form");
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 50;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaximumMessage);
        return services;
    }
}
