using System.Globalization;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Registrations;

/// <summary>
/// kill -9 while phones register, refresh and unregister: after the restart each acknowledged registration is there, and none that was acknowledged to have
/// ended (ruling 39). <c>bench/registrar/kill</c> runs more rounds.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const string RoundsVariable = "SIPSTEAD_KILL_ROUNDS";
    private const int Phones = 200;
    private const int Tasks = 4;
    private const int AnswersOfARound = 1_500;
    private const int Lifetime = 3600;

    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public KillTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable(RoundsVariable) ?? "3", CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_UnderLoad_LosesNothingAcknowledged_AndBringsNothingBack()
    {
        var phones = new List<Phone>();
        try
        {
            ApiRealm realm;
            await using (var first = await ServerProcess.StartAsync(_setup, Cancel))
            {
                realm = await first.Client.CreateRealmAsync("office", Cancel);
                await first.Client.CreateCredentialsAsync(realm, Enumerable.Range(0, Phones).Select(Name), "wonderland", Cancel);
                for (var i = 0; i < Phones; i++) phones.Add(new Phone(Name(i), await SipDevice.ConnectAsync("udp", _setup.SipPort, Cancel)));
                await LoadAndKillAsync(first, realm, phones, round: 1);
            }

            for (var round = 2; round <= Rounds + 1; round++)
            {
                await using var server = await ServerProcess.StartAsync(_setup, Cancel);
                await CheckAsync(server.Client, realm, phones);
                if (round <= Rounds) await LoadAndKillAsync(server, realm, phones, round);
            }
        }
        finally
        {
            foreach (var phone in phones) phone.Device.Dispose();
        }
    }

    private static string Name(int phone) => string.Create(CultureInfo.InvariantCulture, $"phone{phone}");

    private static async Task LoadAndKillAsync(ServerProcess server, ApiRealm realm, List<Phone> phones, int round)
    {
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var enough = new TaskCompletionSource();
        var answers = 0;
        var loads = Enumerable.Range(0, Tasks).Select(task => Task.Run(
            async () =>
            {
                var random = new Random((round * Tasks) + task);
                while (true)
                {
                    var phone = phones[(random.Next(Phones / Tasks) * Tasks) + task];
                    await phone.AskAsync(realm, random.Next(4) == 0 ? 0 : Lifetime, killed.Token);
                    if (Interlocked.Increment(ref answers) == AnswersOfARound) enough.TrySetResult();
                }
            },
            Cancel)).ToList();
        await Task.WhenAny([enough.Task, .. loads]).Unwrap().WaitAsync(Poll.DefaultDeadline, Cancel);
        await server.KillAsync(Cancel); // while all tasks go on
        await killed.CancelAsync();
        foreach (var load in loads) await load.ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static async Task CheckAsync(ApiClient client, ApiRealm realm, List<Phone> phones)
    {
        var found = (await client.ListRegistrationsAsync(realm, Cancel)).ToDictionary(
            registration => registration.Element("UserName")!.Value, registration => long.Parse(registration.Element("CSeq")!.Value, CultureInfo.InvariantCulture));
        foreach (var phone in phones)
        {
            long? cseq = found.TryGetValue(phone.Name, out var number) ? number : null;
            Assert.True(phone.MayHave(cseq), $"{phone} has {cseq?.ToString(CultureInfo.InvariantCulture) ?? "no registration"}");
            phone.Settle(cseq);
        }
    }

    /// <summary>A phone that remembers what it was told.</summary>
    private sealed class Phone(string name, SipDevice device)
    {
        private long? _acknowledged;
        private bool _isWaiting;
        private bool _asksToEnd;

        public string Name => name;

        public SipDevice Device => device;

        public async Task AskAsync(ApiRealm realm, int expires, CancellationToken cancellationToken)
        {
            (_isWaiting, _asksToEnd) = (true, expires == 0);
            var answer = await device.RegisterAsync(realm.Fqdn, name, "wonderland", cancellationToken, expires);
            Assert.True(answer.Status == 200, answer.Text);
            _acknowledged = expires == 0 ? null : long.Parse(answer.Headers("CSeq")[0].Split(' ')[0], CultureInfo.InvariantCulture);
            _isWaiting = false;
        }

        /// <summary>True for what was acknowledged last, and for what it asked for since without an answer.</summary>
        public bool MayHave(long? cseq)
        {
            if (cseq == _acknowledged) return true;
            return _isWaiting && (_asksToEnd ? cseq is null : cseq > (_acknowledged ?? 0));
        }

        /// <summary>Begins the next round with what there is.</summary>
        public void Settle(long? cseq)
        {
            (_acknowledged, _isWaiting) = (cseq, false);
            device.Drain();
        }

        public override string ToString() => $"{name}, told {_acknowledged}, {(_isWaiting ? _asksToEnd ? "asking to end" : "asking to register" : "at rest")},";
    }
}
