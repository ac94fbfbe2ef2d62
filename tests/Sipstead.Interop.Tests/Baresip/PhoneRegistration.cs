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
        var others = await CountAsync(server, user);
        var phone = await BaresipPhone.StartForCallsAsync(account, server.Setup.DnsPort, cancel, voice: voice);
        try
        {
            await Poll.UntilAsync("baresip's registration", async () => await CountAsync(server, user) > others, cancel);
            return phone;
        }
        catch (TimeoutException e)
        {
            var told = phone.Transcript;
            await phone.DisposeAsync();
            throw new TimeoutException($"{e.Message}\n{told}");
        }
    }

    /// <summary>How many phones of the user are registered.</summary>
    private static async Task<int> CountAsync(InteropServer server, Subscriber user) =>
        (await server.Client.ListRegistrationsAsync(user.Realm, TestContext.Current.CancellationToken)).Count(one => one.Element("UserName")?.Value == user.UserName);
}
