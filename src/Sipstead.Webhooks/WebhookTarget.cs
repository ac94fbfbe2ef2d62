namespace Sipstead.Webhooks;

/// <summary>User name and password for HTTP Basic. The text form leaves the password out.</summary>
public sealed record BasicCredentials(string UserName, string Password)
{
    public override string ToString() => $"credentials of {UserName}";
}

/// <summary>Where a webhook goes.</summary>
/// <param name="Url">Absolute, http or https.</param>
/// <param name="IsGet">GET with the properties as query parameters, else POST with a JSON body.</param>
/// <param name="Credentials">Sent at once when there are any, without waiting for a 401.</param>
public sealed record WebhookTarget(Uri Url, bool IsGet, BasicCredentials? Credentials);
