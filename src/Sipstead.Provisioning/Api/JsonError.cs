using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sipstead.Provisioning.Api;

/// <summary>The error of a JSON resource: as the Voice API has them.</summary>
internal static class JsonError
{
    public static byte[] Body(int status, string description) =>
        JsonSerializer.SerializeToUtf8Bytes(new ErrorBody(TypeOf(status), description, null), AccountJson.Api.ErrorBody);

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication-error",
        StatusCodes.Status403Forbidden => "authorization-error",
        StatusCodes.Status429TooManyRequests => "error",
        StatusCodes.Status503ServiceUnavailable => "system-overloaded",
        >= StatusCodes.Status500InternalServerError => "internal-error",
        _ => "validation",
    };
}
