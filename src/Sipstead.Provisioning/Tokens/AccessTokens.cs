using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tokens;

/// <summary>
/// Access tokens in the form of JWTs (contract 2.2). A token says who was authenticated; what that user may do is looked up, so that a
/// change of password or roles ends it.
/// </summary>
internal sealed class AccessTokens(TokenKeys keys, ApiUserAuthenticator users, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const int MaximumLength = 16_384;
    private const string SubjectClaim = "sub";
    private const string ExpiryClaim = "exp";
    private const string StampClaim = "stamp";

    /// <summary>What clients look for before they offer a feature: any user may use all, as far as the role goes.</summary>
    private static readonly string[] Features = ["SIP Credentials", "HttpVoice", "Application Management"];

    /// <summary>A token for a user who has just proved to be one.</summary>
    public string Issue(ApiPrincipal user)
    {
        var key = keys.Current();
        var signed = $"{key.Header}.{Base64Url.EncodeToString(Claims(user))}";
        return $"{signed}.{key.Sign(signed)}";
    }

    /// <summary>The user of a token, with the roles of now; null when it is not ours, has ended, or the user has changed.</summary>
    public async ValueTask<ApiPrincipal?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (ReadClaims(token) is not { } claims) return null;
        var user = await users.FindAsync(claims.UserName, cancellationToken).ConfigureAwait(false);
        return user?.Stamp == claims.Stamp ? user : null;
    }

    private byte[] Claims(ApiPrincipal user)
    {
        var now = time.GetUtcNow();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(SubjectClaim, user.UserName);
            WriteTexts(json, "accounts", user.Accounts.Order().Select(id => id.ToString(CultureInfo.InvariantCulture)));
            WriteTexts(json, "roles", [.. Features, .. user.Roles.Distinct().Order().Select(ApiRoleNames.Of)]);
            json.WriteBoolean("express", false);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber(ExpiryClaim, (now + Lifetime).ToUnixTimeSeconds());
            json.WriteString(StampClaim, user.Stamp);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private (string UserName, string Stamp)? ReadClaims(string token)
    {
        if (token.Length > MaximumLength) return null;
        var headerEnd = token.IndexOf('.', StringComparison.Ordinal);
        var signedEnd = token.LastIndexOf('.');
        if (headerEnd < 0 || headerEnd == signedEnd || keys.Find(token.AsSpan(0, headerEnd)) is not { } key) return null;
        var signature = key.Sign(token.AsSpan(0, signedEnd));
        if (!CryptographicOperations.FixedTimeEquals(
                MemoryMarshal.AsBytes(token.AsSpan(signedEnd + 1)), MemoryMarshal.AsBytes(signature.AsSpan())))
        {
            return null;
        }

        // Signed by us, so it is as we write it.
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan((headerEnd + 1)..signedEnd)));
        var root = claims.RootElement;
        return root.GetProperty(ExpiryClaim).GetInt64() > time.GetUtcNow().ToUnixTimeSeconds()
            ? (root.GetProperty(SubjectClaim).GetString()!, root.GetProperty(StampClaim).GetString()!)
            : null;
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
