using System.Globalization;
using Sipstead.Provisioning.Store;

namespace Sipstead.Server.Composition;

/// <summary>503 for what has no answer of its own while the database is away, such as the sign-in to the dashboard.</summary>
internal static class StoreOutageAnswer
{
    public static async Task GiveAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (StoreUnavailableException) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = StoreUnavailableException.RetryAfter.ToString(CultureInfo.InvariantCulture);
            await context.Response.WriteAsync("The database cannot be used for now. Try again in some seconds.\n", context.RequestAborted);
        }
    }
}
