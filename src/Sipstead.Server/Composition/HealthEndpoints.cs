namespace Sipstead.Server.Composition;

/// <summary><c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: every listener is bound and every store loaded, else 503.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("live\n"));
        routes.MapGet("/health/ready", (Readiness readiness) =>
            readiness.IsReady ? Results.Text("ready\n") : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
