using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Audit;

namespace Sipstead.Dashboard.SignIn;

/// <summary>
/// A session of the dashboard: a signed cookie that names the user, the stamp of the user's password and roles, and a random id of its own. It holds until
/// it is ended, the stamp changes, or it was not used for 12 hours. The APIs never look at it.
/// </summary>
internal sealed class DashboardSession(AccountService accounts, EndedSessions ended, TimeProvider time)
{
    public const string Scheme = "Sipstead.Dashboard";
    public const string CookieName = "sipstead-session";

    private const string StampClaim = "stamp";
    private const string IdClaim = "session";
    private const string AddressClaim = "address";

    /// <summary>How long a session holds without use.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Begins a session with an id that no earlier cookie had.</summary>
    /// <param name="stamp">The stamp under which the user's password was right.</param>
    public static Task BeginAsync(HttpContext context, string userName, string stamp)
    {
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, userName), new Claim(StampClaim, stamp), new Claim(IdClaim, RandomNumberGenerator.GetHexString(32, lowercase: true)),
            new Claim(AddressClaim, context.Connection.RemoteIpAddress?.ToString() ?? "")],
            Scheme, ClaimTypes.Name, null);
        return context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    /// <summary>Ends the session of a request, whoever else holds its cookie.</summary>
    public Task EndAsync(HttpContext context)
    {
        if (context.User.FindFirstValue(IdClaim) is { } id) ended.End(id, time.GetUtcNow() + Lifetime);
        return context.SignOutAsync(Scheme);
    }

    /// <summary>Whether a session still holds: it was not ended, and the user's password and roles are those it began with.</summary>
    public async Task<bool> HoldsAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (principal.FindFirstValue(ClaimTypes.Name) is not { } name || principal.FindFirstValue(IdClaim) is not { } id || ended.Contains(id)) return false;
        var user = await accounts.FindUserAsync(name, cancellationToken);
        return user is not null && user.Stamp == principal.FindFirstValue(StampClaim);
    }

    /// <summary>The user of a session as the audit tells of it, with the address of the sign-in; null when it is nobody's.</summary>
    public static AuditActor? ActorOf(ClaimsPrincipal principal) =>
        principal.FindFirstValue(ClaimTypes.Name) is { } name
            ? new AuditActor(name, AuditVia.Dashboard, principal.FindFirstValue(AddressClaim) is { Length: > 0 } address ? address : null)
            : null;

    /// <summary>The cookie: for this site alone, for no script, signed with the keys in the data folder.</summary>
    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest; // http is for loopback and proxies
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        options.LoginPath = SignInPath.Page;
        options.ReturnUrlParameter = SignInPath.ReturnParameter;
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var session = (DashboardSession)context.HttpContext.RequestServices.GetService(typeof(DashboardSession))!;
        if (context.Principal is { } principal && await session.HoldsAsync(principal, context.HttpContext.RequestAborted)) return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }
}
