using System.Text;
using Sipstead.Provisioning.Locations;
using Sipstead.Provisioning.View;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;

namespace Sipstead.Voice.Calls;

/// <summary>Makes test calls: outbound calls that begin with a document at hand.</summary>
internal sealed class TestCaller(CallEngine engine, ProvisioningView view, VoiceOptions options)
{
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(30);

    public TestCallResult TryCall(TestCall wish)
    {
        if (!DestinationResolver.IsUserUri(wish.To)) return TestCallResult.Refused("Give the SIP URI of a device, such as sip:user@realm.");
        if (!E164.IsNumber(wish.From)) return TestCallResult.Refused($"Give the caller as an E.164 number, such as {TestCall.DefaultFrom}.");
        ApplicationEntry? application = null;
        if (wish.ApplicationId is { } id && (!view.Applications.TryFind(id, out application) || application.AccountId != wish.AccountId))
            return TestCallResult.Refused("The application does not exist any more; choose another one.");
        var octets = Encoding.UTF8.GetBytes(wish.Bxml);
        var read = BxmlReader.Read(octets, baseUrl: null, BxmlContext.Call);
        return read.Document is { } document ? Call(wish, application, new GivenBxml(document, octets)) : TestCallResult.Invalid(read.Error!);
    }

    private TestCallResult Call(TestCall wish, ApplicationEntry? application, GivenBxml bxml)
    {
        var call = new NewCall
        {
            AccountId = wish.AccountId, ApplicationId = application?.Id.ToString() ?? "", To = wish.To, From = wish.From, BaseUrl = options.BaseUrl,
            CallTimeout = TimeToAnswer, Callbacks = TargetsOf(application), Bxml = bxml,
        };
        return engine.TryCreate(call, out var made) switch
        {
            CallAdmission.Admitted => TestCallResult.Made(made.Id),
            CallAdmission.AccountRate => TestCallResult.Refused("The account's queue of calls is full; try again in a minute."),
            CallAdmission.AccountCalls => TestCallResult.Refused("The account has as many calls as it may; hang one up first."),
            _ => TestCallResult.Refused("The server has as many calls as it may; hang one up, or raise Sipstead:Voice:MaxCalls."),
        };
    }

    private static CallTargets TargetsOf(ApplicationEntry? application) => application is null
        ? new CallTargets(null, null, null, ApplicationEntry.DefaultCallbackTimeout)
        : CallTargets.Of(application) with { Begin = null, BeginFallback = null };
}
