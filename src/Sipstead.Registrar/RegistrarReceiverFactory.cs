using System.Security.Cryptography;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.Authentication;
using Sipstead.Registrar.Calls;
using Sipstead.Registrar.Gruus;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Journal;
using Sipstead.Registrar.Location;
using Sipstead.Registrar.Register;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Registrar;

/// <summary>Puts together what one receiving loop needs: buffers, hash objects and batch of its own, over the shared state.</summary>
internal sealed class RegistrarReceiverFactory(
    RegistrarOptions options, ProvisioningView view, LocationService locations, IBindingJournal journal, NonceFactory nonces, ISipFlows flows,
    ServerClock clock, RegistrarMetrics metrics, SipMetrics sipMetrics, SessionLayer sessions, DeviceCallsPort calls,
    TrunkInvites trunks, RegistrationHistory history, SipTrace trace, TemporaryGruus gruus, SourceAdmission admission, AuthenticationLimits limits)
    : ISipReceiverFactory
{
    private readonly RealmDirectory _realms = new(view);
    private readonly ToTagFactory _toTags = new();
    private readonly RecentChallenges _challenges = new(trace);
    private readonly StaleNonces _staleNonces = new();
    private readonly ChallengedTexts _challenged = new(metrics);
    private readonly long _textKey = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public ISipReceiver Create()
    {
        var batch = new LocationBatch(journal);
        var batchClock = new BatchClock(clock);
        var counts = new BatchCounts(metrics);
        var recorder = new RegistrationRecorder(view, history, trace, _challenges, _staleNonces, batch, batchClock, counts);
        var authenticator = new DigestAuthenticator(view, nonces, options, batchClock, counts);
        var policy = new RegisterPolicy(options, locations, new ContactRules(_realms, flows));
        var answer = new RegisterAnswer(options, gruus.CreateWriter(), batchClock);
        var reader = new RegisterTextReader(_textKey);
        var repeats = new RepeatedRegister(
            view, authenticator, limits, policy, answer, locations, batch, recorder, reader, _challenged, _toTags, options, batchClock, counts);
        var optionsHandler = new OptionsHandler(_realms);
        IRequestHandler[] handlers =
        [
            new RegisterHandler(
                view, authenticator, limits, policy, answer, locations, batch, recorder, flows, options, batchClock, counts, reader, _challenged),
            new InviteHandler(view, authenticator, limits, locations, sessions, calls, trunks, recorder),
            optionsHandler,
        ];
        var core = new UasCore(handlers, recorder, _toTags, sipMetrics, sessions, admission, repeats);
        optionsHandler.Describe(core);
        return core;
    }
}
