using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Applications;

/// <summary>
/// The rules of applications (contract 7). The caller has checked that the user may act in the account. A reference is the
/// application's id as text.
/// </summary>
public sealed class ApplicationService
{
    private readonly ProvisioningStore _store;
    private readonly TimeProvider _time;
    private readonly ApplicationRules _rules;

    internal ApplicationService(ProvisioningStore store, TimeProvider time, ProvisioningOptions options)
    {
        _store = store;
        _time = time;
        _rules = new ApplicationRules(options.RequireHttpsWithCredentials);
    }

    /// <summary>The account's applications, the oldest first.</summary>
    public async Task<IReadOnlyList<ApplicationDetails>> ListAsync(long accountId, CancellationToken cancellationToken)
    {
        var applications = await _store.ReadAsync(
            (database, cancel) => database.Applications.Where(a => a.AccountId == accountId).OrderBy(a => a.Id).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);
        return applications.ConvertAll(Described);
    }

    /// <summary>The application that <paramref name="reference"/> names in the account; null when there is none.</summary>
    public async Task<ApplicationDetails?> FindAsync(long accountId, string reference, CancellationToken cancellationToken)
    {
        var application = await _store.ReadAsync(
            (database, cancel) => Matching(database, accountId, reference).FirstOrDefaultAsync(cancel), cancellationToken)
            .ConfigureAwait(false);
        return application is null ? null : Described(application);
    }

    /// <summary>Makes an application.</summary>
    public async Task<ProvisioningResult<ApplicationDetails>> CreateAsync(
        long accountId, NewApplication application, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(application);
        var settings = _rules.Create(application);
        return settings.IsSuccess
            ? await _store.WriteAsync((write, cancel) => CreateAsync(write, accountId, settings.Value, cancel), cancellationToken)
                .ConfigureAwait(false)
            : settings.Error;
    }

    /// <summary>Makes a voice application.</summary>
    public Task<ProvisioningResult<ApplicationDetails>> CreateAsync(
        long accountId, VoiceApplicationForm form, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        return CreateAsync(accountId, form.ToWish(), cancellationToken);
    }

    /// <summary>Makes a voice application what the form says; only passwords that it leaves empty stay.</summary>
    public Task<ProvisioningResult<ApplicationDetails>> UpdateAsync(
        long accountId, Guid applicationId, VoiceApplicationForm form, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        return UpdateAsync(accountId, applicationId.ToString(), form.ToWish(), isPartial: false, cancellationToken);
    }

    /// <summary>Changes an application; its id and service type stay.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="reference">The application's id.</param>
    /// <param name="application">What it shall be.</param>
    /// <param name="isPartial">
    /// True (PATCH) keeps what is missing. False (PUT) gives defaults to what is missing and optional; the name and the URL that takes
    /// the calls stay, since clients send the name alone.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; a change that is being committed is completed.</param>
    public Task<ProvisioningResult<ApplicationDetails>> UpdateAsync(
        long accountId, string reference, NewApplication application, bool isPartial, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(application);
        return _store.WriteAsync(
            (write, cancel) => UpdateAsync(write, accountId, reference, application, isPartial, cancel), cancellationToken);
    }

    /// <summary>Removes an application that nothing refers to.</summary>
    public Task<ProvisioningResult<ApplicationDetails>> DeleteAsync(
        long accountId, string reference, CancellationToken cancellationToken) =>
        _store.WriteAsync((write, cancel) => DeleteAsync(write, accountId, reference, cancel), cancellationToken);

    /// <summary>The error for an application that is not there.</summary>
    public static ProvisioningError NotFound(string reference) =>
        ProvisioningError.NotFound(ErrorCodes.ApplicationNotFound, $"Application with id '{reference}' not found");

    /// <summary>What the view holds of a voice application.</summary>
    /// <param name="application">Its row.</param>
    /// <param name="voice">Its callbacks with their passwords open.</param>
    internal static ApplicationEntry EntryOf(Application application, VoiceCallbacks voice)
    {
        return new ApplicationEntry
        {
            Id = application.Id,
            AccountId = application.AccountId,
            Name = application.Name,
            CallInitiatedUrl = new Uri(voice.CallInitiatedUrl!),
            CallInitiatedIsGet = voice.CallInitiatedMethod == CallbackMethod.Get,
            CallInitiatedFallbackUrl = UrlOf(voice.FallbackUrl),
            CallInitiatedFallbackIsGet = voice.FallbackMethod == CallbackMethod.Get,
            CallStatusUrl = UrlOf(voice.CallStatusUrl),
            CallStatusIsGet = voice.CallStatusMethod == CallbackMethod.Get,
            Credentials = CredentialsOf(voice.UserId, voice.Password),
            FallbackCredentials = CredentialsOf(voice.FallbackUserId, voice.FallbackPassword),
            CallbackTimeout = voice.TimeoutSeconds is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : ApplicationEntry.DefaultCallbackTimeout,
        };
    }

    private async Task<ProvisioningResult<ApplicationDetails>> CreateAsync(
        StoreWrite write, long accountId, ApplicationSettings settings, CancellationToken cancellationToken)
    {
        var database = write.Database;
        if (!await database.Accounts.AnyAsync(a => a.Id == accountId, cancellationToken).ConfigureAwait(false))
            return ProvisioningError.NotFound(ErrorCodes.AccountNotFound, $"Account '{accountId}' does not exist or is locked");
        var application = new Application
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            AccountId = accountId,
            ServiceType = settings.ServiceType,
            Name = settings.Name,
            NameKey = ApplicationRules.KeyOf(settings.Name),
            Voice = VoiceCallbacks.None,
            Messaging = settings.Messaging,
        };
        _store.Secrets.Seal(application, settings.Voice);
        database.Applications.Add(application);
        ShowAfterCommit(write, application, settings.Voice);
        return Described(application);
    }

    private async Task<ProvisioningResult<ApplicationDetails>> UpdateAsync(
        StoreWrite write, long accountId, string reference, NewApplication wish, bool isPartial, CancellationToken cancellationToken)
    {
        var application = await Matching(write.Database, accountId, reference).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (application is null) return NotFound(reference);
        var current = new ApplicationSettings(application.ServiceType, application.Name, _store.Secrets.Open(application), application.Messaging);
        var settings = _rules.Update(wish, current, isPartial);
        if (!settings.IsSuccess) return settings.Error;
        application.Name = settings.Value.Name;
        application.NameKey = ApplicationRules.KeyOf(settings.Value.Name);
        _store.Secrets.Seal(application, settings.Value.Voice);
        application.Messaging = settings.Value.Messaging;
        ShowAfterCommit(write, application, settings.Value.Voice);
        return Described(application);
    }

    private static async Task<ProvisioningResult<ApplicationDetails>> DeleteAsync(
        StoreWrite write, long accountId, string reference, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var application = await Matching(database, accountId, reference).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (application is null) return NotFound(reference);
        if (await database.SipCredentials.AnyAsync(c => c.ApplicationId == application.Id, cancellationToken).ConfigureAwait(false))
        {
            return ProvisioningError.Conflict(
                ErrorCodes.ApplicationInUse, "The Application cannot be removed until references in SIP Credentials are removed");
        }

        if (await database.Locations.AnyAsync(l => l.ApplicationId == application.Id, cancellationToken).ConfigureAwait(false))
        {
            return ProvisioningError.Conflict(
                ErrorCodes.ApplicationInUse, "The Application cannot be removed until references in SipPeers are removed");
        }

        if (await database.TrunkRoutes.AnyAsync(r => r.ApplicationId == application.Id, cancellationToken).ConfigureAwait(false))
        {
            return ProvisioningError.Conflict(
                ErrorCodes.ApplicationInUse, "The Application cannot be removed until references in trunks are removed");
        }

        database.Applications.Remove(application);
        if (application.ServiceType == ApplicationServiceType.Voice) write.OnCommitted(view => view.RemoveApplication(application.Id));
        else write.OnCommitted(view => view.ReportApplication(accountId, application.Id));
        return Described(application);
    }

    private static void ShowAfterCommit(StoreWrite write, Application application, VoiceCallbacks voice)
    {
        if (application.ServiceType != ApplicationServiceType.Voice)
        {
            write.OnCommitted(view => view.ReportApplication(application.AccountId, application.Id));
            return;
        }

        var entry = EntryOf(application, voice);
        write.OnCommitted(view => view.SetApplication(entry));
    }

    private static IQueryable<Application> Matching(ProvisioningContext database, long accountId, string reference)
    {
        var id = Guid.TryParseExact(reference, "D", out var parsed) ? parsed : Guid.Empty;
        return database.Applications.Where(a => a.Id == id && a.AccountId == accountId);
    }

    /// <summary>Without the passwords, sealed or not.</summary>
    private static ApplicationDetails Described(Application a) =>
        new(a.Id, a.AccountId, a.ServiceType, a.Name, a.Voice with { Password = null, FallbackPassword = null }, a.Messaging);

    private static Uri? UrlOf(string? url) => url is null ? null : new Uri(url);

    private static CallbackCredentials? CredentialsOf(string? userId, string? password) =>
        userId is null ? null : new CallbackCredentials(userId, password ?? "");
}
