using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Voice;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;

namespace Sipstead.Dashboard.Tests.Calls;

/// <summary>A call engine that has neither calls nor conferences, and makes none.</summary>
internal static class IdleEngine
{
    public static IServiceCollection AddIdleEngine(this IServiceCollection services, TimeProvider time) => services
        .AddMetrics()
        .AddSingleton<VoiceMetrics>()
        .AddSingleton(provider => Create(time, provider.GetRequiredService<VoiceMetrics>()))
        .AddSingleton(provider => new ConferenceDirectory(provider.GetRequiredService<CallServices>(), null!))
        .AddSingleton(provider => new CallDirectory(provider.GetRequiredService<CallServices>(), null!, null!, null!));

    private static CallServices Create(TimeProvider time, VoiceMetrics metrics)
    {
        var (options, log) = (new VoiceOptions(), NullLogger.Instance);
        return new CallServices(
            options, time, null!, null!, null!, null!, null!, null!, new CallRegistry(options, time), null!, null!, null!, null!, null!, null!, null!, null!,
            new CallChanges(log), new ConferenceRegistry(options, time, metrics, log), null!, null!, metrics, log);
    }
}
