using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Recordings;
using Sipstead.Testing;
using Sipstead.Voice.Recordings;

namespace Sipstead.Dashboard.Tests.Recordings;

/// <summary>Pages about recordings over the real catalog, a database of their own and files that tests write.</summary>
internal sealed class RecordingsHarness : BunitContext
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingFiles _files;
    private readonly RecordingUsage _usage;
    private readonly RecordingChanges _changes = new(NullLogger.Instance);

    private RecordingsHarness()
    {
        DefaultWaitTimeout = Poll.DefaultDeadline;
        JSInterop.Mode = JSRuntimeMode.Loose;
        var options = new RecordingOptions { Directory = _folder["recordings"], MegabytesPerAccount = 1, MaxPerAccount = 30 };
        (_files, _usage) = (new RecordingFiles(options.Directory), new RecordingUsage(options));
        Services.AddMudServices().AddScoped<BrowserBridge>().AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton(options);
        Services.AddProvisioning(new ProvisioningOptions { DataDirectory = _folder.Path, BootstrapPassword = ServerSetup.Password });
        Services.AddSingleton(services => new RecordingDirectory(services.GetRequiredService<IRecordingCatalog>(), _files, _usage, _changes));
    }

    public FakeTimeProvider Time { get; } = new(Start.AddHours(1));

    public RecordingDirectory Directory => Services.GetRequiredService<RecordingDirectory>();

    /// <summary>The file that the store cannot do without.</summary>
    public string Database => _folder["sipstead.db"];

    public AccountContext Account { get; private set; } = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IRecordingCatalog Catalog => Services.GetRequiredService<IRecordingCatalog>();

    public static Task<RecordingsHarness> OpenAsync(ApiRole role = ApiRole.Write) => Create().EnterAsync(role);

    /// <summary>One whose services can still be added to, until <see cref="EnterAsync"/>.</summary>
    public static RecordingsHarness Create() => new();

    /// <summary>Opens the database, and lets a user with a role into the account.</summary>
    public async Task<RecordingsHarness> EnterAsync(ApiRole role)
    {
        await Services.OpenProvisioningAsync(Cancel);
        var account = await Services.GetRequiredService<AccountService>().FindAccountAsync(ServerSetup.Account, Cancel);
        Account = new AccountContext(account!, ServerSetup.UserName, role, []);
        RenderTree.Add<CascadingValue<AccountContext>>(value => value.Add(cascading => cascading.Value, Account));
        Render<MudPopoverProvider>();
        return this;
    }

    public async Task AddAccountAsync(long account) =>
        Assert.True((await Services.GetRequiredService<AccountService>().CreateAccountAsync(account, Cancel)).IsSuccess);

    /// <summary>A recording of the account, ten minutes younger than the one with the number before.</summary>
    public RecordingDetails Some(int number = 1) => new()
    {
        RecordingId = string.Create(CultureInfo.InvariantCulture, $"r-{number:000}"), AccountId = Account.Id, Kind = RecordingKind.Call, OwnerId = "c-1",
        ApplicationId = "", From = "+12025550100", To = "sip:alice@a.example", StartTime = Start.AddMinutes(10 * number), EndTime = Start.AddMinutes(10 * number).AddSeconds(12.5),
        Duration = TimeSpan.FromSeconds(12.5), Channels = 1, Format = RecordingFormat.Wav, Status = RecordingStatus.Complete,
    };

    /// <summary>Adds a recording as the engine does, with a file where its state has one, and tells of it.</summary>
    public async Task<RecordingDetails> AddAsync(RecordingDetails recording, int octets = 2_044)
    {
        Assert.Equal(RecordingRefusal.None, _usage.TryBegin(recording.AccountId));
        _usage.End();
        if (recording.Status is RecordingStatus.Complete or RecordingStatus.Partial)
        {
            await using (var file = _files.Create(recording)) await file.WriteAsync(new byte[octets], Cancel);
            recording = recording with { Octets = RecordingFiles.Keep(_files.PathOf(recording, recording.Format)) };
            _usage.Add(recording.AccountId, recording.Octets);
        }

        await Catalog.AddAsync(recording, Cancel);
        _changes.Report(recording);
        return recording;
    }

    /// <summary>Changes a recording as the engine does, and tells of it.</summary>
    public async Task ChangeAsync(RecordingDetails recording)
    {
        Assert.True(await Catalog.UpdateAsync(recording.AccountId, recording.RecordingId, _ => recording, Cancel));
        _changes.Report(recording);
    }

    /// <summary>The recording with a transcription.</summary>
    public async Task<RecordingDetails> TranscribeAsync(RecordingDetails recording, string json)
    {
        var path = _files.TranscriptOf(recording);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, json, Cancel);
        var transcribed = recording with { TranscriptionId = "t-1", TranscriptionStatus = TranscriptionStatus.Available, TranscriptionTime = recording.EndTime };
        await ChangeAsync(transcribed);
        return transcribed;
    }

    /// <summary>What is shown in a row's cells.</summary>
    public static IReadOnlyList<string> Cells(IRenderedComponent<IComponent> page) =>
        [.. page.FindAll("tbody td").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        _folder.Dispose();
    }
}
