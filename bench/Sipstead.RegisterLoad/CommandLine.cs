using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace Sipstead.RegisterLoad;

/// <summary>Phones that register as fast as a server answers, or at a rate; and their credentials.</summary>
internal static class CommandLine
{
    /// <summary>Exit code when it ran to its end, but not every registration was answered with 200. 1: it did not run.</summary>
    private const int RegistrationsFailed = 3;

    public static RootCommand Build(Clock clock) => new("Devices user0, user1 ... that register with a SIP server, all on one core.")
    {
        BuildRun(clock),
        BuildCredentials(clock),
    };

    private static Command BuildRun(Clock clock)
    {
        var defaults = new LoadOptions(new IPEndPoint(IPAddress.Loopback, 0), "", 0);
        var server = new Argument<IPEndPoint>("server") { Description = "ADDRESS:PORT of the server", CustomParser = ReadEndPoint };
        var domain = new Argument<string>("domain") { Description = "Their realm" };
        var devices = new Argument<int>("devices") { Description = "How many" };
        var phases = new Argument<Phase[]>("phases")
        {
            Description = "once, refresh:SECONDS or fresh:SECONDS, with @RATE or @xMULTIPLE of the last closed loop's for an open loop; a line about each",
            CustomParser = ReadPhases,
            Arity = ArgumentArity.OneOrMore,
        };
        var transport = new Option<Transport>("--transport") { Description = "udp, tcp or tls" };
        var lines = new Option<int>("--lines") { Description = "UDP sockets or connections", DefaultValueFactory = _ => defaults.Lines };
        var localPort = new Option<int>("--local-port") { Description = "Port of the first UDP socket", DefaultValueFactory = _ => defaults.LocalPort };
        var window = new Option<int>("--window") { Description = "Under way in the closed loop", DefaultValueFactory = _ => defaults.Window };
        var expires = new Option<int>("--expires") { Description = "Seconds that are asked for", DefaultValueFactory = _ => defaults.Expires };
        var giveUp = new Option<double>("--give-up") { Description = "Seconds until a registration has failed", DefaultValueFactory = _ => defaults.GiveUp };
        var processes = new Option<int[]>("--pid") { Description = "Processes whose CPU time counts", AllowMultipleArgumentsPerToken = true };
        var threads = new Option<string?>("--threads") { Description = "Beginning of the names of threads that are counted apart" };
        var hold = new Option<double>("--hold") { Description = "Seconds to keep everything open at the end" };
        var command = new Command("run", "Registers, and tells how it went") { server, domain, devices, phases, transport, lines, localPort, window, expires, giveUp, processes, threads, hold };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new LoadOptions(parsed.GetRequiredValue(server), parsed.GetRequiredValue(domain), parsed.GetRequiredValue(devices))
            {
                Transport = parsed.GetValue(transport),
                Lines = parsed.GetValue(lines),
                LocalPort = parsed.GetValue(localPort),
                Window = parsed.GetValue(window),
                Expires = parsed.GetValue(expires),
                GiveUp = parsed.GetValue(giveUp),
                Processes = parsed.GetValue(processes) ?? [],
                Threads = parsed.GetValue(threads),
            };
            return RunAsync(options, parsed.GetRequiredValue(phases), TimeSpan.FromSeconds(parsed.GetValue(hold)), clock, cancellation);
        });
        return command;
    }

    private static Command BuildCredentials(Clock clock)
    {
        var collection = new Argument<string>("url") { Description = "The realm's sipcredentials" };
        var signIn = new Argument<string>("sign-in") { Description = "USER:PASSWORD of the API" };
        var domain = new Argument<string>("domain") { Description = "The realm's full name" };
        var first = new Argument<int>("first") { Description = "Number of the first device" };
        var count = new Argument<int>("count") { Description = "How many" };
        var command = new Command("credentials", "Makes the devices' credentials by bulk POSTs") { collection, signIn, domain, first, count };
        command.SetAction(async (parsed, _) =>
        {
            var credentials = new Credentials(new Uri(parsed.GetRequiredValue(collection)), parsed.GetRequiredValue(signIn), parsed.GetRequiredValue(domain), clock);
            await Console.Out.WriteLineAsync(await credentials.CreateAsync(parsed.GetRequiredValue(first), parsed.GetRequiredValue(count)));
        });
        return command;
    }

    private static async Task<int> RunAsync(LoadOptions options, Phase[] phases, TimeSpan hold, Clock clock, CancellationToken cancellation)
    {
        using ILines lines = options.Transport == Transport.Udp
            ? new DatagramLines(options.Server, options.Lines, options.LocalPort)
            : await StreamLines.OpenAsync(options.Server, options.Lines, options.Transport == Transport.Tls);
        var writer = new RegisterWriter(options.Domain, options.Transport, options.Expires, Environment.ProcessId);
        var registrations = new Registrations(options, writer, lines, clock, Console.Error);
        var succeeded = new Load(options, registrations, lines, clock, Console.Out).Run(phases);
        await Task.Delay(hold, cancellation);
        return succeeded ? 0 : RegistrationsFailed;
    }

    private static IPEndPoint? ReadEndPoint(ArgumentResult result)
    {
        if (IPEndPoint.TryParse(result.Tokens[0].Value, out var endPoint)) return endPoint;
        result.AddError($"{result.Tokens[0].Value} is not ADDRESS:PORT.");
        return null;
    }

    private static Phase[] ReadPhases(ArgumentResult result)
    {
        var phases = new List<Phase>();
        foreach (var token in result.Tokens)
        {
            if (Phase.TryParse(token.Value, out var phase)) phases.Add(phase);
            else result.AddError($"{token.Value} is no phase.");
        }

        return [.. phases];
    }
}
