using Sipstead.Provisioning.Api;
using Sipstead.Voice.Bxml;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Api;

/// <summary>Reads the URLs, methods and credentials of webhooks from a JSON request.</summary>
internal static class CallbackFields
{
    public const string Masked = "*****";
    private const int MaximumCredentialLength = 1024;

    /// <summary>Basic credentials; null when there are none. One half alone is an error.</summary>
    public static BasicCredentials? Credentials(this JsonFields fields, string userName, string password)
    {
        var name = fields.Text(userName, MaximumCredentialLength);
        var secret = fields.Text(password, MaximumCredentialLength);
        if (name is null != secret is null) fields.Fail($"Invalid {userName}: {userName} and {password} go together");
        return name is null || secret is null ? null : new BasicCredentials(name, secret);
    }

    /// <summary>A target; null when its URL is absent or wrong.</summary>
    /// <param name="httpsOnly">Whether credentials need https.</param>
    public static WebhookTarget? Target(this JsonFields fields, string url, string method, BasicCredentials? credentials, bool httpsOnly)
    {
        var isGet = fields.IsGet(method, url);
        if (fields.Url(url) is not { } target) return null;
        if (httpsOnly && credentials is not null && target.Scheme != Uri.UriSchemeHttps) fields.Fail($"Invalid {url}: https is required with credentials");
        return new WebhookTarget(target, isGet, credentials);
    }

    /// <summary>A target and the one to try when it fails, each with its URL, method and credentials. Null when the first is absent or wrong.</summary>
    /// <param name="primary">What the names of its URL and method begin with.</param>
    /// <param name="fallback">What those of the other begin with.</param>
    /// <param name="httpsOnly">Whether credentials need https.</param>
    public static CallbackTargets? Targets(this JsonFields fields, string primary, string fallback, bool httpsOnly)
    {
        var first = fields.Target(primary + "Url", primary + "Method", fields.Credentials("username", "password"), httpsOnly);
        var second = fields.Target(fallback + "Url", fallback + "Method", fields.Credentials("fallbackUsername", "fallbackPassword"), httpsOnly);
        return first is null ? null : new CallbackTargets(first, second);
    }

    /// <summary>Where a redirect leads: redirectUrl, which is required, and its fallback. Null when something is wrong.</summary>
    public static CallbackTargets? RedirectTargets(this JsonFields fields, VoiceOptions options)
    {
        var targets = fields.Targets("redirect", "redirectFallback", options.RequireHttpsWithCredentials);
        if (targets is null) fields.Fail("Missing at least one required field. Required fields are [redirectUrl]");
        return targets;
    }

    public static string MethodOf(WebhookTarget? target) => target is { IsGet: true } ? "GET" : "POST";
}
