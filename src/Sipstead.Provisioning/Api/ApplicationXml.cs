using System.Globalization;
using System.Xml;
using Sipstead.Provisioning.Applications;

namespace Sipstead.Provisioning.Api;

/// <summary>The element <c>Application</c> (contract 7). What is written holds no password.</summary>
internal static class ApplicationXml
{
    public const string Element = "Application";

    private const string CallbackCreds = "CallbackCreds";
    private const string FallbackCreds = "CallInitiatedFallbackCreds";
    private const string InboundCreds = "InboundCallbackCreds";
    private const string OutboundCreds = "OutboundCallbackCreds";
    private const string MsgCreds = "MsgCallbackCreds";
    private const string RequestedTypes = "RequestedCallbackTypes";
    private const string TypeElement = "CallbackType";
    private const string UserIdElement = "UserId";
    private const string PasswordElement = "Password";

    private static readonly string[] Credentials = [CallbackCreds, FallbackCreds, InboundCreds, OutboundCreds, MsgCreds];

    private static readonly string[] Fields =
    [
        "ServiceType", "AppName", "CallInitiatedCallbackUrl", "CallInitiatedMethod", "CallInitiatedFallbackUrl",
        "CallInitiatedFallbackMethod", "CallStatusCallbackUrl", "CallStatusMethod", "CallbackTimeout", "InboundCallbackUrl",
        "OutboundCallbackUrl", RequestedTypes, "MsgCallbackUrl", "CallbackUrl", .. Credentials,
    ];

    public static ProvisioningResult<NewApplication> Read(RequestElement body)
    {
        if (body.CheckSingle(Fields) is { } error) return error;
        foreach (var name in Credentials)
        {
            if (body.Child(name)?.CheckSingle(UserIdElement, PasswordElement) is { } inside) return inside;
        }

        return new NewApplication
        {
            ServiceType = body.Value("ServiceType"),
            AppName = body.Value("AppName"),
            CallInitiatedCallbackUrl = body.Value("CallInitiatedCallbackUrl"),
            CallInitiatedMethod = body.Value("CallInitiatedMethod"),
            CallInitiatedFallbackUrl = body.Value("CallInitiatedFallbackUrl"),
            CallInitiatedFallbackMethod = body.Value("CallInitiatedFallbackMethod"),
            CallStatusCallbackUrl = body.Value("CallStatusCallbackUrl"),
            CallStatusMethod = body.Value("CallStatusMethod"),
            CallbackCreds = ReadCredentials(body, CallbackCreds),
            CallInitiatedFallbackCreds = ReadCredentials(body, FallbackCreds),
            CallbackTimeout = body.Value("CallbackTimeout"),
            InboundCallbackUrl = body.Value("InboundCallbackUrl"),
            InboundCallbackCreds = ReadCredentials(body, InboundCreds),
            OutboundCallbackUrl = body.Value("OutboundCallbackUrl"),
            OutboundCallbackCreds = ReadCredentials(body, OutboundCreds),
            RequestedCallbackTypes = body.Child(RequestedTypes) is { } types
                ? [.. types.Children.Where(c => c.Name == TypeElement).Select(c => c.Text)]
                : null,
            MsgCallbackUrl = body.Value("MsgCallbackUrl"),
            MsgCallbackCreds = ReadCredentials(body, MsgCreds),
            CallbackUrl = body.Value("CallbackUrl"),
        };
    }

    public static void Write(XmlWriter writer, ApplicationDetails application) => writer.WriteElement(Element, element =>
    {
        element.WriteText("ApplicationId", application.Id.ToString("D"));
        element.WriteText("ServiceType", ApplicationRules.NameOf(application.ServiceType));
        element.WriteText("AppName", application.Name);
        if (application.ServiceType == ApplicationServiceType.Voice) Write(element, application.Voice);
        else Write(element, application.Messaging);
    });

    private static void Write(XmlWriter writer, VoiceCallbacks voice)
    {
        WriteUrl(writer, "CallInitiatedCallbackUrl", voice.CallInitiatedUrl, "CallInitiatedMethod", voice.CallInitiatedMethod);
        WriteUrl(writer, "CallStatusCallbackUrl", voice.CallStatusUrl, "CallStatusMethod", voice.CallStatusMethod);
        WriteUserId(writer, CallbackCreds, voice.UserId);
        WriteUrl(writer, "CallInitiatedFallbackUrl", voice.FallbackUrl, "CallInitiatedFallbackMethod", voice.FallbackMethod);
        WriteUserId(writer, FallbackCreds, voice.FallbackUserId);
        writer.WriteText("CallbackTimeout", voice.TimeoutSeconds?.ToString(CultureInfo.InvariantCulture));
    }

    private static void Write(XmlWriter writer, MessagingCallbacks messaging)
    {
        writer.WriteText("InboundCallbackUrl", messaging.InboundUrl);
        WriteUserId(writer, InboundCreds, messaging.InboundUserId);
        writer.WriteText("OutboundCallbackUrl", messaging.OutboundUrl);
        WriteUserId(writer, OutboundCreds, messaging.OutboundUserId);
        if (messaging.RequestedTypes is { } types)
        {
            writer.WriteElement(RequestedTypes, list =>
            {
                foreach (var type in types.Split(' ')) list.WriteText(TypeElement, type);
            });
        }

        writer.WriteText("MsgCallbackUrl", messaging.MsgUrl);
        WriteUserId(writer, MsgCreds, messaging.MsgUserId);
        writer.WriteText("CallbackUrl", messaging.CallbackUrl);
    }

    /// <summary>A method says nothing without its URL.</summary>
    private static void WriteUrl(XmlWriter writer, string urlElement, string? url, string methodElement, CallbackMethod method)
    {
        if (url is null) return;
        writer.WriteText(urlElement, url);
        writer.WriteText(methodElement, method == CallbackMethod.Get ? "GET" : "POST");
    }

    private static void WriteUserId(XmlWriter writer, string element, string? userId)
    {
        if (userId is not null) writer.WriteElement(element, credentials => credentials.WriteText(UserIdElement, userId));
    }

    private static NewCallbackCredentials? ReadCredentials(RequestElement body, string name) =>
        body.Child(name) is { } element ? new NewCallbackCredentials(element.Value(UserIdElement), element.Value(PasswordElement)) : null;
}
