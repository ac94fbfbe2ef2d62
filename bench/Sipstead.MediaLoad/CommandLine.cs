using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Sipstead.MediaLoad;

/// <summary>Parties that talk through a server, and what it costs the server.</summary>
internal static class CommandLine
{
    /// <summary>Exit code when not all parties could be connected.</summary>
    private const int NotConnected = 3;

    public static RootCommand Build() => new("Parties that send and hear G.711 through a server for a while; all on one core.")
    {
        BuildSipstead(),
        BuildRtpengine(),
    };

    private static Command BuildSipstead()
    {
        var http = new Argument<string>("http") { Description = "URL of the server's API" };
        var sip = new Argument<string>("sip") { Description = "ADDRESS:PORT of its registrar" };
        var account = new Argument<string>("account") { Description = "The account" };
        var credentials = new Argument<string>("credentials") { Description = "USER:PASSWORD of the API" };
        var application = new Argument<string>("application") { Description = "Id of a voice application" };
        var realm = new Argument<string>("realm") { Description = "Realm of the users a and b, whose password is load" };
        var members = new Option<int>("--members") { Description = "Parties of a conference; without it each call is transferred to a second party" };
        var measurement = new MeasurementOptions();
        var command = new Command("sipstead", "Phones and an application of a Sipstead") { http, sip, account, credentials, application, realm, members };
        measurement.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = measurement.Read(parsed);
            using var streams = new MediaStreams();
            await using var server = new SipsteadCalls(
                streams,
                new ServerAddress(
                    new Uri(parsed.GetRequiredValue(http)), IPEndPoint.Parse(parsed.GetRequiredValue(sip)), parsed.GetRequiredValue(account),
                    parsed.GetRequiredValue(credentials), parsed.GetRequiredValue(application), parsed.GetRequiredValue(realm)),
                parsed.GetValue(members));
            return await RunAsync(server, streams, settings, cancellation);
        });
        return command;
    }

    private static Command BuildRtpengine()
    {
        var control = new Argument<string>("control") { Description = "ADDRESS:PORT of its ng protocol" };
        var measurement = new MeasurementOptions();
        var command = new Command("rtpengine", "Pairs of parties that rtpengine relays") { control };
        measurement.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var streams = new MediaStreams();
            await using var server = new RtpengineCalls(streams, IPEndPoint.Parse(parsed.GetRequiredValue(control)));
            return await RunAsync(server, streams, measurement.Read(parsed), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ICallServer server, MediaStreams streams, Measurement measurement, CancellationToken cancellation)
    {
        streams.Start();
        await server.ConnectAsync(measurement.Calls, cancellation);
        var isConnected = await streams.AllHearAsync(server.LegsOf(measurement.Calls), server.IsMixing, TimeSpan.FromSeconds(60), cancellation);
        if (!isConnected) await Console.Error.WriteLineAsync($"Only {streams.Hearing(server.IsMixing)} of {server.LegsOf(measurement.Calls)} parties hear somebody.");
        else Console.WriteLine(await measurement.RunAsync(streams, server.IsMixing, cancellation));
        await server.DisconnectAsync(cancellation);
        return isConnected ? 0 : NotConnected;
    }

    /// <summary>The options that both servers share.</summary>
    private sealed class MeasurementOptions
    {
        private readonly Option<int> _calls = new("--calls") { Description = "Calls (or, with --members, conferences)", DefaultValueFactory = _ => 100 };
        private readonly Option<double> _warm = new("--warm") { Description = "Seconds before anything counts", DefaultValueFactory = _ => 5 };
        private readonly Option<double> _seconds = new("--seconds") { Description = "Seconds that count", DefaultValueFactory = _ => 10 };
        private readonly Option<int[]> _processes = new("--pid") { Description = "Processes whose CPU time counts", AllowMultipleArgumentsPerToken = true };

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { _calls, _warm, _seconds, _processes }) command.Add(option);
        }

        public Measurement Read(ParseResult parsed) => new(
            parsed.GetValue(_calls), TimeSpan.FromSeconds(parsed.GetValue(_warm)), TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            [.. (parsed.GetValue(_processes) ?? []).Select(process => process.ToString(CultureInfo.InvariantCulture))]);
    }
}
