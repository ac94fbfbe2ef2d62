using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sipstead.Dashboard.Components;

/// <summary>A file that the browser saves and nobody on the way keeps.</summary>
internal static class Download
{
    /// <summary>The answer.</summary>
    /// <param name="write">Writes the whole file.</param>
    public static IResult Of(HttpContext context, string mediaType, string fileName, Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(output.WrittenMemory, mediaType, fileName);
    }
}
