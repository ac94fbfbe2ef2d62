using Sipstead.Testing;
using Sipstead.Testing.Phones;

namespace Sipstead.Interop.Tests.Baresip;

/// <summary>Starts phones that the server can call.</summary>
internal static class PhoneRegistration
{
    /// <summary>A phone of this user, registered. <paramref name="answerMode"/> is <c>auto</c> or <c>manual</c>.</summary>
    public static async Task<BaresipPhone> StartPhoneAsync(
        this InteropServer server, Subscriber user, string answerMode, string transport = "udp", int voice = BaresipPhone.VoiceFrequency)
    {
        var cancel = TestContext.Current.CancellationToken;
        var account = $"<sip:{user.UserName}@{user.Realm.Fqdn};transport={transport}>;auth_pass={user.Password};regint=600;answermode={answerMode}";
        var others = (await server.Client.ListRegistrationsAsync(user.Realm, cancel)).Count;
        var phone = await BaresipPhone.StartForCallsAsync(account, server.Setup.DnsPort, cancel, voice: voice);
        try
        {
            await Poll.UntilAsync("baresip's registration", async () => (await server.Client.ListRegistrationsAsync(user.Realm, cancel)).Count > others, cancel);
            return phone;
        }
        catch (TimeoutException e)
        {
            var told = phone.Transcript;
            await phone.DisposeAsync();
            throw new TimeoutException($"{e.Message}\n{told}");
        }
    }
}
