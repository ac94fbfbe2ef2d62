using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Dashboard.Calls;
using Sipstead.Dashboard.Credentials;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Recordings;
using Sipstead.Dashboard.SignIn;
using Sipstead.Dashboard.Trace;
using Sipstead.Dashboard.Zones;

namespace Sipstead.Dashboard;

/// <summary>The dashboard over HTTP.</summary>
public static class DashboardEndpoints
{
    /// <summary>Session, form tokens and security headers. Comes after routing and before the endpoints.</summary>
    public static IApplicationBuilder UseDashboard(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(next => context => SecurityHeaders.AddAsync(context, next));
        app.UseAuthentication();
        app.Use(next => context => ActAsync(context, next));
        app.Use(next => context => AnswerUnknownPathAsync(context, next));
        return app.UseAuthorization().UseAntiforgery();
    }

    /// <summary>Maps pages, static files, sign-out and downloads.</summary>
    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.MapStaticAssets();
        // Its own header for frames is left out: ours says the same of every answer.
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        routes.MapPost(SignInPath.SignOut, SignOutAsync);
        CallDownloads.Map(routes);
        CredentialDownloads.Map(routes);
        RecordingDownloads.Map(routes);
        TraceDownloads.Map(routes);
        ZoneDownloads.Map(routes);
        return routes;
    }

    /// <summary>What a form or a download does is done by the session's user; what a circuit does, by <see cref="CircuitActor"/>.</summary>
    private static Task ActAsync(HttpContext context, RequestDelegate next)
    {
        DashboardSession.ActorOf(context.User)?.Act();
        return next(context);
    }

    /// <summary>404 for a path that no page has; with a page for who is signed in.</summary>
    private static Task AnswerUnknownPathAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type != typeof(NothingHere)) return next(context);
        if (context.User.Identity?.IsAuthenticated != true)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.OnStarting(() => // a status that is set before keeps the page from being written
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static async Task SignOutAsync(HttpContext context)
    {
        if (!await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await context.RequestServices.GetRequiredService<DashboardSession>().EndAsync(context);
        context.Response.Redirect(SignInPath.Page);
    }
}
