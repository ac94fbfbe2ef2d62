using System.Net;
using Sipstead.Dashboard.Credentials;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>What is told of a phone while it tries to register.</summary>
public sealed class RegistrationProgressTests
{
    private static readonly DateTimeOffset Since = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly List<RegistrationAttempt> _own = [];
    private readonly List<RegistrationAttempt> _unknown = [];

    [Fact]
    public void Nothing_IsWaiting()
    {
        var progress = Read();

        Assert.Null(progress.Registered);
        Assert.Empty(progress.Refusals);
    }

    [Fact]
    public void WrongPassword_IsToldWithItsSource_Once()
    {
        _own.Add(Attempt(RegistrationOutcome.WrongPassword, "192.0.2.7", seconds: 2));
        _own.Add(Attempt(RegistrationOutcome.WrongPassword, "192.0.2.7", seconds: 1));

        var refusal = Assert.Single(Read().Refusals);

        Assert.StartsWith("from 192.0.2.7, 2 times: Wrong password", refusal.Words, StringComparison.Ordinal);
        Assert.Equal(Since.AddSeconds(2), refusal.LastAt);
    }

    [Fact]
    public void UnknownUser_IsToldWithTheNameThatWasTried()
    {
        _unknown.Add(Attempt(RegistrationOutcome.UnknownUser, "192.0.2.7", seconds: 1, credentialId: 0, userName: "alcie"));

        Assert.StartsWith("As \"alcie\" from 192.0.2.7: The realm has no user of this name.", Assert.Single(Read().Refusals).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasBefore_AndWhatIsNoRefusal_IsLeftOut()
    {
        _own.Add(Attempt(RegistrationOutcome.WrongPassword, "192.0.2.7", seconds: -1));
        _own.Add(Attempt(RegistrationOutcome.Ended, "192.0.2.7", seconds: 1));
        _own.Add(Attempt(RegistrationOutcome.Registered, "192.0.2.7", seconds: 1));

        Assert.Empty(Read().Refusals);
    }

    [Fact]
    public void Refusals_AreTheNewestThree()
    {
        for (var i = 1; i <= 5; i++) _own.Add(Attempt(RegistrationOutcome.WrongPassword, $"192.0.2.{i}", seconds: i));

        Assert.Equal(["192.0.2.5", "192.0.2.4", "192.0.2.3"], Read().Refusals.Select(refusal => refusal.Source.ToString()));
    }

    [Fact]
    public void NewestRegistration_IsShown()
    {
        var progress = Read(Binding(1, seconds: 1), Binding(2, seconds: 2));

        Assert.Equal(2, progress.Registered?.Id);
    }

    private RegistrationProgress Read(params Binding[] bindings) => RegistrationProgress.Of(bindings, _own, _unknown, Since);

    private static RegistrationAttempt Attempt(RegistrationOutcome outcome, string source, int seconds, long credentialId = 1, string userName = "alice") => new(
        1, Since.AddSeconds(seconds), 2, credentialId, userName, Address(source), SipTransport.Udp, "", "", outcome);

    private static Binding Binding(long id, int seconds) => new(
        id, 2, 1, "sip:alice@192.0.2.7", new SipFlow(SipTransport.Udp, Address("192.0.2.7"), Address("192.0.2.1"), 0), true, 60, null, "phone", "call", 1, null, null,
        Since.AddSeconds(seconds));

    private static TransportAddress Address(string ip) => new(new IPEndPoint(IPAddress.Parse(ip), 5060));
}
