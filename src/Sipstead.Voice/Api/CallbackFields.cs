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

    /// <summary>Where a redirect leads: redirectUrl, which is required, and its fallback. Null when something is wrong.</summary>
    public static CallbackTargets? RedirectTargets(this JsonFields fields, VoiceOptions options)
    {
        var credentials = fields.Credentials("username", "password");
        var primary = fields.Target("redirectUrl", "redirectMethod", credentials, options.RequireHttpsWithCredentials);
        var fallback = fields.Target(
            "redirectFallbackUrl", "redirectFallbackMethod", fields.Credentials("fallbackUsername", "fallbackPassword"), options.RequireHttpsWithCredentials);
        if (primary is null) fields.Fail("Missing at least one required field. Required fields are [redirectUrl]");
        return primary is null ? null : new CallbackTargets(primary, fallback);
    }

    public static string MethodOf(WebhookTarget? target) => target is { IsGet: true } ? "GET" : "POST";
}
