using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Authentication;
using Sipstead.Registrar.History;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Admission;

/// <summary>
/// Limits on what passwords may be tried and how often a user registers (ruling 35; AUTH-22, S-01, S-20). Too many wrong digests of a user from a source refuse
/// that pair for a while, with a right one too and with the same answer as any wrong one; the user goes on from every other source. A source that is wrong as
/// many users is slowed, never shut out. Shared by all receiving loops, transports and methods; of a fixed size.
/// </summary>
internal sealed class AuthenticationLimits
{
    /// <summary>Lines about failures a second, and at once (S-29); what goes beyond is counted.</summary>
    private const double LinesPerSecond = 5;

    private const int LineBurst = 100;

    private readonly AuthenticationLimitOptions _options;
    private readonly SourceAdmission _admission;
    private readonly ProvisioningView _view;
    private readonly RegistrarMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SlotTable<Pair> _pairs;
    private readonly SlotTable<Attacked> _users;
    private readonly SlotTable<Failing> _sources;
    private readonly SlotTable<Registering> _registering;
    private readonly TokenBucket _failuresOfPair;
    private readonly TokenBucket _failuresOfUser;
    private readonly TokenBucket _failuresOfSource;
    private readonly TokenBucket _registers;
    private readonly TokenBucket _lines;
    private readonly Lock _naming = new();
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private long _linesFullAt;

    public AuthenticationLimits(
        AuthenticationLimitOptions options, SourceAdmission admission, ProvisioningView view, RegistrarMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_options, _admission, _view, _metrics, _time, _logger) = (options, admission, view, metrics, time, logger);
        _pairs = new SlotTable<Pair>(options.MaxUsers, () => metrics.LimitEvicted("pair"));
        _users = new SlotTable<Attacked>(options.MaxUsers, () => metrics.LimitEvicted("user"));
        _sources = new SlotTable<Failing>(options.MaxUsers, () => metrics.LimitEvicted("source"));
        _registering = new SlotTable<Registering>(options.MaxUsers, () => metrics.LimitEvicted("registering"));
        var frequency = time.TimestampFrequency;
        double Within(int count) => count / (double)options.FailureWindow;
        _failuresOfPair = new TokenBucket(Within(options.WrongPasswords), options.WrongPasswords - 1, frequency); // the last one is what refuses
        _failuresOfUser = new TokenBucket(Within(options.WrongPasswordsOfUser), options.WrongPasswordsOfUser, frequency);
        _failuresOfSource = new TokenBucket(Within(options.WrongPasswordsOfSource), options.WrongPasswordsOfSource, frequency);
        _registers = new TokenBucket(options.RegistersPerSecond, options.RegisterBurst, frequency);
        _lines = new TokenBucket(LinesPerSecond, LineBurst, frequency);
    }

    /// <summary>Ticks of the clock that all limits run on.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>
    /// What to make of a finding: itself, or a wrong one when the source is refused as this user. Counts what was wrong.
    /// </summary>
    /// <param name="named">The URI of the address-of-record that the request is about, for requests that say no other name.</param>
    public DigestFinding Judge(in DigestFinding finding, in SipUri named, in SipFlow flow, RealmEntry realm, long now)
    {
        if (finding.Outcome == DigestOutcome.Missing)
        {
            if (!_admission.IsExempt(flow.Source)) NoteNamed(named, flow, realm, now);
            return finding;
        }

        if (finding.Outcome != DigestOutcome.Wrong && _pairs.Count == 0) return finding;
        var pairKey = PairKey(finding, flow, realm);
        var isRefused = IsRefused(pairKey, now);
        if (isRefused) _metrics.LimitReached("refused");
        else if (finding.Outcome != DigestOutcome.Wrong || finding.Fault == RegistrationOutcome.ForeignNonce) return finding; // that digest tells nothing of a password
        else CountFailure(finding, pairKey, flow, realm, now);
        CountFailureOfSource(flow, now);
        if (!_admission.IsExempt(flow.Source)) NoteName(finding.UserName, finding.CredentialId != 0, flow, realm, now);
        return isRefused ? Refused(finding) : finding;
    }

    /// <summary>Notes whom a request without credentials is about, as <see cref="Judge"/> does.</summary>
    /// <param name="to">Value of To.</param>
    public void NoteNamed(ReadOnlySpan<byte> to, in SipFlow flow, RealmEntry realm, long now)
    {
        if (!_admission.IsExempt(flow.Source) && NameAddress.TryParse(to, out var address)) NoteNamed(address.Uri, flow, realm, now);
    }

    /// <summary>Notes a right digest with a nonce of its own: the pair's failures are forgotten (AUTH-22), and its source is known for so long.</summary>
    public void Succeeded(in DigestFinding finding, in SipFlow flow, RealmEntry realm, TimeSpan lifetime, long now)
    {
        if (_pairs.Count > 0)
        {
            ref var pair = ref _pairs.Find(PairKey(finding, flow, realm));
            if (!Unsafe.IsNullRef(ref pair)) pair = default;
        }

        _admission.Vouch(flow.Source, lifetime, now);
    }

    /// <summary>Notes a source that is known otherwise than by a digest, for so long.</summary>
    public void Vouch(in SipFlow flow, TimeSpan lifetime, long now) => _admission.Vouch(flow.Source, lifetime, now);

    /// <summary>Takes the place of one line in the log. False when there were too many, which is counted.</summary>
    public bool MayLog(long now)
    {
        if (_lines.TryTake(ref _linesFullAt, now)) return true;
        _metrics.LimitReached("log lines");
        return false;
    }

    /// <summary>True when the source is refused as this user for now.</summary>
    public bool IsRefused(in DigestFinding finding, in SipFlow flow, RealmEntry realm, long now) =>
        _pairs.Count > 0 && IsRefused(PairKey(finding, flow, realm), now);

    /// <summary>Counts a REGISTER with a right digest. False when its user sends too many, which is counted too.</summary>
    public bool AdmitsRegister(long credentialId, in SipFlow flow, long now)
    {
        if (MayRegister(credentialId, flow, now)) return true;
        _metrics.LimitReached("registers");
        return false;
    }

    /// <summary>Counts a REGISTER with a right digest. False when its user sends too many.</summary>
    public bool MayRegister(long credentialId, in SipFlow flow, long now) =>
        _admission.IsExempt(flow.Source) || _registers.TryTake(ref _registering.FindOrAdd((ulong)credentialId).FullAt, now);

    private bool IsRefused(ulong pairKey, long now)
    {
        ref var pair = ref _pairs.Find(pairKey);
        return !Unsafe.IsNullRef(ref pair) && Volatile.Read(ref pair.RefusedUntil) > now;
    }

    private static DigestFinding Refused(in DigestFinding finding) => new()
    {
        Outcome = DigestOutcome.Wrong, Fault = RegistrationOutcome.RateLimited, UserName = finding.UserName, CredentialId = finding.CredentialId,
    };

    private ulong PairKey(in DigestFinding finding, in SipFlow flow, RealmEntry realm)
    {
        Span<ulong> parts = [SourceKey.Of(flow.Source), UserKey(finding, realm)];
        return XxHash3.HashToUInt64(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parts), _seed);
    }

    /// <summary>The credential, by whichever of its names; of nobody's name, the name.</summary>
    private ulong UserKey(in DigestFinding finding, RealmEntry realm) =>
        finding.CredentialId != 0 ? (ulong)finding.CredentialId : XxHash3.HashToUInt64(finding.UserName, _seed ^ realm.Id) | 1UL << 63;

    private void CountFailure(in DigestFinding finding, ulong pairKey, in SipFlow flow, RealmEntry realm, long now)
    {
        var isAttacked = CountFailureOfUser(finding, realm, now);
        ref var pair = ref _pairs.FindOrAdd(pairKey);
        Volatile.Write(ref pair.FailedAt, now);
        var isStrange = isAttacked && !_admission.IsExempt(flow.Source) && !_admission.IsKnown(flow.Source, now);
        if (!isStrange && _failuresOfPair.TryTake(ref pair.FullAt, now)) return;
        Refuse(ref pair, finding, flow, realm, now);
    }

    private void Refuse(ref Pair pair, in DigestFinding finding, in SipFlow flow, RealmEntry realm, long now)
    {
        var before = Volatile.Read(ref pair.RefusedUntil);
        var refusals = before != 0 && now - before < Ticks(_options.LongestRefusal) ? pair.Refusals : 0; // who behaved for so long begins anew
        var seconds = (int)Math.Min(_options.LongestRefusal, (long)_options.FirstRefusal << Math.Min(refusals, 20));
        if (Interlocked.CompareExchange(ref pair.RefusedUntil, now + Ticks(seconds), before) != before) return; // another loop was first
        pair.Refusals = refusals + 1;
        _metrics.LimitReached("wrong passwords");
        if (MayLog(now)) RegistrarLog.Refused(_logger, flow.Source.ToIPAddress(), flow.Transport.Token(), realm.Fqdn, EscapedUser.Of(finding.UserName), seconds);
    }

    /// <summary>True when the user is under attack, from wherever.</summary>
    private bool CountFailureOfUser(in DigestFinding finding, RealmEntry realm, long now)
    {
        ref var user = ref _users.FindOrAdd(UserKey(finding, realm));
        if (_failuresOfUser.TryTake(ref user.FullAt, now)) return Volatile.Read(ref user.AttackedUntil) > now;
        var before = Interlocked.Exchange(ref user.AttackedUntil, now + Ticks(_options.FailureWindow));
        if (before > now) return true;
        _metrics.LimitReached("wrong passwords of a user");
        if (MayLog(now)) RegistrarLog.UserAttacked(_logger, realm.Fqdn, EscapedUser.Of(finding.UserName), _options.WrongPasswordsOfUser, _options.FailureWindow);
        return true;
    }

    private void CountFailureOfSource(in SipFlow flow, long now)
    {
        if (_admission.IsExempt(flow.Source)) return;
        ref var source = ref _sources.FindOrAdd(SourceKey.Of(flow.Source));
        Volatile.Write(ref source.FailedAt, now);
        if (!_failuresOfSource.TryTake(ref source.FullAt, now)) Slow(ref source, flow, "wrong passwords", now);
    }

    private void NoteNamed(in SipUri named, in SipFlow flow, RealmEntry realm, long now) =>
        NoteName(named.User, AddressOfRecord.TryFindOwner(_view, realm, named, out _), flow, realm, now);

    private void NoteName(ReadOnlySpan<byte> name, bool isKnown, in SipFlow flow, RealmEntry realm, long now)
    {
        var hash = (uint)XxHash3.HashToUInt64(name, _seed ^ realm.Id);
        ref var source = ref _sources.FindOrAdd(SourceKey.Of(flow.Source));
        Volatile.Write(ref source.FailedAt, now);
        bool isTooMany;
        lock (_naming) isTooMany = source.Names.Note(hash, !isKnown, _options.UnknownUsers, now, Ticks(_options.FailureWindow));
        if (isTooMany) Slow(ref source, flow, "unknown users", now);
    }

    /// <summary>Slows a source, but for one of a trunk: whoever guesses from there must not keep the account's calls out.</summary>
    private void Slow(ref Failing source, in SipFlow flow, string reason, long now)
    {
        if (_view.Trunks.From(flow.Source.ToIPAddress()).Count > 0) return;
        var until = now + Ticks(_options.SlowedSeconds);
        _admission.Slow(flow.Source, TimeSpan.FromSeconds(_options.SlowedSeconds), now);
        var before = Interlocked.Exchange(ref source.SlowedUntil, until);
        if (before > now) return;
        _metrics.LimitReached(reason == "unknown users" ? reason : "wrong passwords of a source");
        if (MayLog(now)) RegistrarLog.SourceSlowed(_logger, flow.Source.ToIPAddress(), reason);
    }

    private long Ticks(int seconds) => seconds * _time.TimestampFrequency;

    /// <summary>A user at a source.</summary>
    private struct Pair : ITableSlot
    {
        public long FailedAt;
        public long FullAt;
        public long RefusedUntil;
        public int Refusals;

        public readonly long Worth => Math.Max(FailedAt, RefusedUntil);
    }

    /// <summary>A user, from everywhere.</summary>
    private struct Attacked : ITableSlot
    {
        public long FullAt;
        public long AttackedUntil;

        public readonly long Worth => Math.Max(FullAt, AttackedUntil);
    }

    /// <summary>A source, as everybody.</summary>
    private struct Failing : ITableSlot
    {
        public long FailedAt;
        public long FullAt;
        public long SlowedUntil;
        public UnknownNames Names;

        public readonly long Worth => Math.Max(FailedAt, SlowedUntil);
    }

    /// <summary>A user that registers.</summary>
    private struct Registering : ITableSlot
    {
        public long FullAt;

        public readonly long Worth => FullAt;
    }
}
