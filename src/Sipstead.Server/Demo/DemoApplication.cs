using System.Security;
using System.Text.Json;

namespace Sipstead.Server.Demo;

/// <summary>
/// The voice application that <c>./run --demo</c> hosts itself, as a user's own would be: webhooks in, BXML out. A greeting with a menu: echo test, digits
/// said back, end.
/// </summary>
internal static class DemoApplication
{
    public const string Path = "/demo";

    private const string Menu =
        """
        <Response>
          <Gather gatherUrl="menu" maxDigits="1" repeatCount="3" firstDigitTimeout="6">
            <SpeakSentence>Welcome to Sipstead. Press 1 for an echo test. Press 2 to hear the digits that you press. Press 3 to end the call.</SpeakSentence>
          </Gather>
        </Response>
        """;

    private const string Echo =
        """
        <Response>
          <SpeakSentence>What you say now comes back to you, for twenty seconds.</SpeakSentence>
          <Echo duration="20"/>
          <Redirect redirectUrl="voice"/>
        </Response>
        """;

    private const string AskDigits =
        """
        <Response>
          <Gather gatherUrl="digits" maxDigits="20" terminatingDigits="#" interDigitTimeout="5" firstDigitTimeout="10">
            <SpeakSentence>Press some digits, then the hash key.</SpeakSentence>
          </Gather>
        </Response>
        """;

    private const string Bye = "<Response><SpeakSentence>Goodbye.</SpeakSentence><Hangup/></Response>";

    /// <summary>Maps the webhooks.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var demo = routes.MapGroup(Path);
        demo.MapPost("/voice", () => Bxml(Menu));
        demo.MapPost("/menu", async (HttpRequest request) => Bxml(await DigitsOfAsync(request) switch
        {
            "1" => Echo,
            "2" => AskDigits,
            "" or "3" => Bye,
            _ => "<Response><SpeakSentence>There is nothing on that key.</SpeakSentence><Redirect redirectUrl=\"voice\"/></Response>",
        }));
        demo.MapPost("/digits", async (HttpRequest request) => Bxml(Say(await DigitsOfAsync(request))));
        demo.MapPost("/status", () => Results.NoContent());
    }

    private static string Say(string digits)
    {
        var said = digits.Length == 0 ? "You pressed nothing." : $"You pressed <say-as interpret-as=\"characters\">{SecurityElement.Escape(digits)}</say-as>.";
        return $"<Response><SpeakSentence>{said}</SpeakSentence><Redirect redirectUrl=\"voice\"/></Response>";
    }

    private static IResult Bxml(string document) => Results.Text(document, "application/xml; charset=utf-8");

    private static async Task<string> DigitsOfAsync(HttpRequest request)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body.RootElement.TryGetProperty("digits", out var digits) && digits.ValueKind == JsonValueKind.String ? digits.GetString()! : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
