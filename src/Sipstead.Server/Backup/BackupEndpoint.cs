using Sipstead.Provisioning;
using Sipstead.Provisioning.Store;
using Sipstead.Registrar;
using Sipstead.Server.Admin;

namespace Sipstead.Server.Backup;

/// <summary>Gives whoever may open <c>admin.sock</c> an archive of the running server. One at a time.</summary>
internal sealed class BackupEndpoint
{
    public const string MediaType = "application/gzip";

    private int _running;

    public async Task SendAsync(HttpContext context)
    {
        var (services, cancel) = (context.RequestServices, context.RequestAborted);
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            await RefuseAsync(context, "Another backup is being made; wait until it has ended.");
            return;
        }

        try
        {
            using var stage = await BackupStage.TakeAsync(
                services.GetRequiredService<ProvisioningOptions>().DataDirectory, services.GetRequiredService<RegistrarService>().CopyBindings,
                services.GetRequiredService<ProvisioningBackup>().TryCopyAsync, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancel);
            context.Response.ContentType = MediaType;
            await ArchiveWriter.WriteAsync(stage, context.Response.Body, cancel);
        }
        catch (BackupException failure)
        {
            await RefuseAsync(context, failure.Message);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private static Task RefuseAsync(HttpContext context, string why) =>
        context.Response.WriteAsJsonAsync(new AdminAnswer(false, why), AdminJson.Default.AdminAnswer, cancellationToken: context.RequestAborted);
}
