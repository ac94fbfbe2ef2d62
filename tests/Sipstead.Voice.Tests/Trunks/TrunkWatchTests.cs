using System.Globalization;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Tests.Trunks;

/// <summary>Ruling 27: trunks are asked by OPTIONS whether they live.</summary>
public sealed class TrunkWatchTests : VoiceTest
{
    private const long Id = 7;
    private const string Password = "carrier horse battery";

    private ScriptedPhone _carrier = null!;

    private protected override VoiceOptions Options => new() { AllowedNetworks = ["127.0.0.0/8"] };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _carrier = Voice.NewPhone("carrier");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(407)]
    [InlineData(486)]
    [InlineData(501)]
    [InlineData(603)]
    public async Task AnyAnswer_IsUp_AndNoChallengeIsMet(int status)
    {
        Voice.Trunks.Start();
        SetTrunk();
        Assert.Equal(TrunkState.Unknown, Voice.Trunks.Of(Id)!.State);
        var options = await _carrier.ExpectAsync("OPTIONS"); // no time has passed
        Voice.Advance(.2);
        _carrier.Answer(options, status, "WWW-Authenticate: Digest realm=\"carrier\", nonce=\"1\", algorithm=MD5\r\n");

        await Poll.UntilAsync("the answer", () => Task.FromResult(Voice.Trunks.Of(Id)!.State == TrunkState.Up), Cancel);
        var health = Voice.Trunks.Of(Id)!;
        Assert.Equal((status, TimeSpan.FromMilliseconds(200), null), (health.Answer, health.RoundTrip, health.Reason));
        Assert.Equal((Voice.Time.GetUtcNow(), Voice.Time.GetUtcNow()), (health.Since, health.CheckedAt));
        Voice.Advance(5);
        Assert.Single(_carrier.Kinds);
        Assert.Equal(1, Voice.Meters["sipstead.voice.trunk.checks answered"]);
    }

    [Fact]
    public async Task Request_IsWellFormed_AndTellsNoSecret()
    {
        SetTrunk();
        Voice.Trunks.Start();
        var options = await AskedAsync(_carrier);
        Assert.Equal($"sip:127.0.0.1:{Port(_carrier)};transport=udp", options.Uri);
        Assert.Equal("70", options.One("Max-Forwards"));
        Assert.Matches("^SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK[0-9a-f]{16};rport$", options.One("Via"));
        Assert.Matches("^<sip:127.0.0.1:5060>;tag=[0-9a-f]{16}$", options.One("From"));
        Assert.Equal($"<{options.Uri}>", options.One("To"));
        Assert.Matches("^[0-9a-f]{32}$", options.One("Call-ID"));
        Assert.Equal("1 OPTIONS", options.One("CSeq"));
        Assert.Equal("<sip:127.0.0.1:5060;transport=udp>", options.One("Contact"));
        Assert.Contains("application/sdp", options.One("Accept"), StringComparison.Ordinal);
        Assert.Equal("Sipstead", options.One("User-Agent"));
        Assert.Equal("0", options.One("Content-Length"));
        foreach (var absent in (string[])["Route:", "Authorization:", "Proxy-", Password, "acme"]) Assert.DoesNotContain(absent, options.Text, StringComparison.Ordinal);

        _carrier.Answer(options, 200);
        var next = await AskedAsync(_carrier);
        Assert.NotEqual(options.Branch, next.Branch);
        Assert.NotEqual(options.One("Call-ID"), next.One("Call-ID"));
        Assert.NotEqual(options.One("From"), next.One("From"));
    }

    [Fact]
    public async Task Silence_IsDownAfterTwoMisses_AndTheNextAnswerIsUp()
    {
        SetTrunk();
        Voice.Trunks.Start();
        _carrier.Answer(await AskedAsync(_carrier), 200);
        await HealthAsync(TrunkState.Up);

        await AskedAsync(_carrier);
        var missed = await HealthAsync(TrunkState.Up, health => health.Reason is not null);
        Assert.Equal($"no answer within 8 s from {_carrier.Address} over UDP", missed.Reason);
        await AskedAsync(_carrier);
        var down = await HealthAsync(TrunkState.Down);
        Assert.Equal((missed.Reason, null, null), (down.Reason, down.Answer, down.RoundTrip));

        _carrier.Answer(await AskedAsync(_carrier), 200);
        Assert.Null((await HealthAsync(TrunkState.Up)).Reason);
        Assert.Equal(2, Voice.Meters["sipstead.voice.trunk.checks silent"]);
    }

    [Fact]
    public async Task Answer503_IsAMiss_AndRetryAfterIsWaitedFor()
    {
        SetTrunk();
        Voice.Trunks.Start();
        _carrier.Answer(await AskedAsync(_carrier), 503, "Retry-After: 60\r\n");
        var start = Voice.Time.GetUtcNow();
        var down = await HealthAsync(TrunkState.Down);
        Assert.Equal((503, "127.0.0.1 asked for a pause (503 with Retry-After) that is not over"), (down.Answer, down.Reason));
        Assert.Single(_carrier.Kinds);

        _carrier.Answer(await AskedAsync(_carrier), 200);
        await HealthAsync(TrunkState.Up);
        Assert.True(Voice.Time.GetUtcNow() - start > TimeSpan.FromSeconds(55));
    }

    [Fact]
    public async Task Answer408_IsAMiss()
    {
        SetTrunk();
        Voice.Trunks.Start();
        for (var i = 0; i < 2; i++) _carrier.Answer(await AskedAsync(_carrier), 408);
        Assert.Equal($"{_carrier.Address} over UDP answered 408", (await HealthAsync(TrunkState.Down)).Reason);
    }

    [Theory]
    [InlineData("nowhere.example", null, "nowhere.example has no address that can be reached")]
    [InlineData("10.0.0.7", null, "10.0.0.7 leads to an address that is not allowed (Sipstead:Voice:AllowedNetworks)")]
    [InlineData("127.0.0.1", 22, "127.0.0.1 leads to an address that is not allowed (Sipstead:Voice:AllowedNetworks)")]
    public async Task S_14_HostWithoutAnAddress_OrOneThatIsNotAllowed_IsDown_AndNothingIsSent(string host, int? port, string reason)
    {
        SetTrunk(host: host, port: port);
        Voice.Trunks.Start();
        Assert.Equal(reason, (await HealthAsync(TrunkState.Down)).Reason);
        Assert.Empty(Voice.Flows.Sent);
        Assert.True(Voice.Meters["sipstead.voice.trunk.checks not located"] >= 2);
    }

    [Fact]
    public async Task ConnectionThatIsRefused_IsSaidSo()
    {
        var tcp = Voice.NewPhone("tcp", SipTransport.Tcp);
        tcp.IsConnected = false;
        SetTrunk(port: Port(tcp), transport: TrunkTransport.Tcp);
        Voice.Trunks.Start();
        Assert.Equal($"no way to {tcp.Address} over TCP: Connection refused", (await HealthAsync(TrunkState.Down)).Reason);
        tcp.IsConnected = true;
        var options = await AskedAsync(tcp);
        Assert.Equal($"sip:127.0.0.1:{Port(tcp)};transport=tcp", options.Uri);
        tcp.Answer(options, 200);
        await HealthAsync(TrunkState.Up);
    }

    [Fact]
    public async Task LOC_04_SecondTargetThatAnswers_IsUp()
    {
        var second = Voice.NewPhone("second");
        Voice.Dns.Host("one.example", "127.0.0.1");
        foreach (var (phone, priority) in (ReadOnlySpan<(ScriptedPhone, int)>)[(_carrier, 1), (second, 2)])
            Voice.Dns.Srv("_sip._udp.carrier.example", priority, 0, Port(phone), "one.example");
        SetTrunk(host: "carrier.example", port: null, transport: null);
        Voice.Trunks.Start();
        var first = await AskedAsync(_carrier);
        Assert.Equal("sip:carrier.example", first.Uri);
        var next = await AskedAsync(second);
        Assert.NotEqual(first.Branch, next.Branch);
        second.Answer(next, 200);
        await HealthAsync(TrunkState.Up);
    }

    [Fact]
    public async Task Changes_HoldAtOnce()
    {
        Voice.Trunks.Start();
        Assert.Null(Voice.Trunks.Of(Id));
        SetTrunk();
        _carrier.Answer(await _carrier.ExpectAsync("OPTIONS"), 200); // with no time passed
        var up = await HealthAsync(TrunkState.Up);

        SetTrunk(name: "other name");
        Assert.Equal(up, Voice.Trunks.Of(Id)); // it leads to the same

        var second = Voice.NewPhone("second");
        SetTrunk(port: Port(second));
        Assert.Equal(TrunkState.Unknown, Voice.Trunks.Of(Id)!.State);
        second.Answer(await second.ExpectAsync("OPTIONS"), 200);
        await HealthAsync(TrunkState.Up);

        SetTrunk(port: Port(second), isEnabled: false);
        Assert.Null(Voice.Trunks.Of(Id));
        SetTrunk(port: Port(second));
        var options = await second.ExpectAsync("OPTIONS");
        Voice.View.RemoveTrunk(VoiceHarness.Account, Id);
        second.Answer(options, 200);
        Voice.Advance(120);
        Assert.Null(Voice.Trunks.Of(Id));
        Assert.Equal(2, second.Kinds.Count);
        Assert.Single(_carrier.Kinds);
    }

    [Fact]
    public async Task Crowd_WaitsForItsTurn()
    {
        var phones = Enumerable.Range(0, TrunkWatch.MaxUnderWay + 1).Select(i => Voice.NewPhone($"p{i}")).ToList();
        Voice.Trunks.Start();
        for (var i = 0; i < phones.Count; i++) SetTrunk(id: 100 + i, port: Port(phones[i]));
        await Poll.UntilAsync("the crowd to be asked", () => Task.FromResult(phones.Count(phone => phone.Got.Count > 0) == TrunkWatch.MaxUnderWay), Cancel);
        var last = phones.Single(phone => phone.Got.Count == 0);
        var first = phones.First(phone => phone.Got.Count > 0);
        first.Answer(await first.ExpectAsync("OPTIONS"), 200);
        await last.ExpectAsync("OPTIONS");
    }

    [Fact]
    public async Task Log_TellsOfChangesAlone_AndOfNoSecret()
    {
        using var log = new LogLines();
        using var watch = Voice.WatchTrunks(log);
        SetTrunk();
        watch.Start();
        for (var i = 0; i < 2; i++) _carrier.Answer(await AskedAsync(_carrier), 200);
        for (var i = 0; i < 3; i++) await AskedAsync(_carrier);
        _carrier.Answer(await AskedAsync(_carrier), 404);
        await Poll.UntilAsync("two states", () => Task.FromResult(log.All.Count >= 3), Cancel);
        Assert.Equal(
            [
                "Information 8031 Trunk carrier (7 of account 9900000) is up: it answered 200",
                $"Warning 8030 Trunk carrier (7 of account 9900000) is down: no answer within 8 s from {_carrier.Address} over UDP",
                "Information 8031 Trunk carrier (7 of account 9900000) is up: it answered 404",
            ],
            log.All);
    }

    [Fact]
    public async Task End_OfTheWatch_EndsTheChecks()
    {
        SetTrunk();
        Voice.Trunks.Start();
        await AskedAsync(_carrier);
        Voice.Trunks.Dispose();
        SetTrunk(id: 8);
        Voice.Advance(60);
        Assert.Null(Voice.Trunks.Of(Id));
        Assert.Null(Voice.Trunks.Of(8));
        Assert.Single(_carrier.Kinds.Distinct());
        Assert.Equal(0, Voice.Meters["sipstead.voice.trunk.checks silent"]);
    }

    [Fact]
    public void WithoutAnInterval_NothingIsChecked()
    {
        using var log = new LogLines();
        using var watch = Voice.WatchTrunks(log, new VoiceOptions { TrunkCheckInterval = 0 });
        SetTrunk();
        watch.Start();
        SetTrunk(id: 8);
        Voice.Advance(60);
        Assert.Null(watch.Of(Id));
        Assert.Null(watch.Of(8));
        Assert.Empty(_carrier.Got);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(3_600, true)]
    [InlineData(4, false)]
    [InlineData(-1, false)]
    [InlineData(3_601, false)]
    public void Interval_HasBounds(int seconds, bool isRight) =>
        Assert.Equal(isRight ? [] : [$"Sipstead:Voice:TrunkCheckInterval is {seconds}: give seconds, 5 to 3600, or 0 for no checks."], new VoiceOptions { TrunkCheckInterval = seconds }.Validate());

    private static int Port(ScriptedPhone phone) => phone.Flow.Source.Port;

    private void SetTrunk(
        long id = Id, string host = "127.0.0.1", int? port = -1, TrunkTransport? transport = TrunkTransport.Udp, bool isEnabled = true, string name = "carrier") =>
        Voice.View.SetTrunk(new TrunkEntry
        {
            Id = id, AccountId = VoiceHarness.Account, Name = name, Host = host, Port = port == -1 ? Port(_carrier) : port, Transport = transport,
            IsEnabled = isEnabled, Credentials = new CallbackCredentials("acme", Password),
        });

    /// <summary>Lets time pass until a peer is asked, repeats aside.</summary>
    private async Task<MessageText> AskedAsync(ScriptedPhone phone)
    {
        var before = phone.Kinds.Count(kind => kind == "OPTIONS");
        var waiting = phone.ExpectAsync("OPTIONS");
        await PassUntilAsync(() => waiting.IsCompleted, $"OPTIONS number {(before + 1).ToString(CultureInfo.InvariantCulture)}");
        return await waiting;
    }

    private async Task<TrunkHealth> HealthAsync(TrunkState state, Func<TrunkHealth, bool>? isMeant = null)
    {
        TrunkHealth? health = null;
        await PassUntilAsync(() => (health = Voice.Trunks.Of(Id))?.State == state && isMeant?.Invoke(health) != false, $"{state}");
        return health!;
    }

    private async Task PassUntilAsync(Func<bool> isDone, string what) => await Poll.UntilAsync(
        what,
        () =>
        {
            if (isDone()) return Task.FromResult(true);
            Voice.Advance(.5);
            return Task.FromResult(isDone());
        },
        Cancel);
}
