using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sipstead.Provisioning.Api;

/// <summary>A file as the body of an answer.</summary>
/// <param name="MediaType">Without a charset.</param>
/// <param name="Name">The name to save it under: letters, digits, dots and hyphens.</param>
internal sealed record TextFile(string MediaType, string Name, string Text)
{
    public Task WriteAsync(HttpResponse response)
    {
        response.ContentType = $"{MediaType}; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{Name}\"";
        response.ContentLength = Encoding.UTF8.GetByteCount(Text);
        return response.WriteAsync(Text, response.HttpContext.RequestAborted);
    }
}
