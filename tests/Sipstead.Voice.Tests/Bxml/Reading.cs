using System.Text;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>Reads documents of tests.</summary>
internal static class Reading
{
    public static BxmlResult Of(string document, Uri? baseUrl = null) => Of(Encoding.UTF8.GetBytes(document), baseUrl);

    public static BxmlResult Of(byte[] octets, Uri? baseUrl = null, BxmlContext context = BxmlContext.Call) => BxmlReader.Read(octets, baseUrl, context);

    /// <summary>The error of a document that must have one.</summary>
    public static BxmlError Error(string document, Uri? baseUrl = null)
    {
        var result = Of(document, baseUrl);
        Assert.Null(result.Document);
        return Assert.IsType<BxmlError>(result.Error);
    }

    /// <summary>The names of the verbs of a document that must be valid.</summary>
    public static IEnumerable<string> Verbs(string document) => Verbs(Of(document, VerbRun.BaseUrl));

    public static IEnumerable<string> Verbs(BxmlResult result)
    {
        Assert.Null(result.Error);
        return result.Document!.Verbs.Select(verb => verb.GetType().Name);
    }

    public static bool IsValid(string verbs) => Of($"<Response>{verbs}</Response>", VerbRun.BaseUrl).Error is null;
}
