namespace Sipstead.Server.Tests.Tenancy;

/// <summary>A body that each method takes which has one, with the names of things in braces.</summary>
internal static class Bodies
{
    private const string Settings =
        "<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>";

    private const string Application =
        "<Application><ServiceType>Voice-V2</ServiceType><AppName>app</AppName><CallInitiatedCallbackUrl>http://127.0.0.1:9/voice</CallInitiatedCallbackUrl>"
        + "<CallbackCreds><UserId>u</UserId><Password>p</Password></CallbackCreds></Application>";

    private const string Trunk =
        """{"name":"carrier","host":"sip.carrier.example","port":5061,"transport":"tls","userName":"acme","password":"secret","sources":["192.0.2.{n}"],"outbound":["+1*"],"callerIds":["+1202555????"],"routes":[{"pattern":"+1202555*","applicationId":"{application}"},{"pattern":"*","sipPeerId":{location}}]}""";

    private static int _number;

    private static readonly Dictionary<string, string> All = new()
    {
        ["POST realms"] = "<Realm><Realm>realm{n}</Realm><Description>d</Description><Default>false</Default></Realm>",
        ["PUT realms/{realm}"] = "<Realm><Description>d</Description><DigestAlgorithms>MD5</DigestAlgorithms><MediaEncryption>Optional</MediaEncryption></Realm>",
        ["POST realms/{realm}/sipcredentials"] =
            $"<SipCredentials><SipCredential><UserName>user{{n}}</UserName><Hash1>{Tenant.Hash}</Hash1><HttpVoiceV2AppId>{{application}}</HttpVoiceV2AppId></SipCredential></SipCredentials>",
        ["PUT realms/{realm}/sipcredentials/{credential}"] =
            $"<SipCredential><RealmId>{{realm}}</RealmId><Hash1>{Tenant.Hash}</Hash1><HttpVoiceV2AppId>{{application}}</HttpVoiceV2AppId></SipCredential>",
        ["POST sipcredentials"] =
            $"<SipCredentials><SipCredential><UserName>user{{n}}</UserName><Domain>example.com</Domain><Hash1>{Tenant.Hash}</Hash1><Realm>{{fqdn}}</Realm><HttpVoiceV2AppId>{{application}}</HttpVoiceV2AppId></SipCredential></SipCredentials>",
        ["PUT sipcredentials/{name}"] = $"<SipCredential><Hash1>{Tenant.Hash}</Hash1><HttpVoiceV2AppId>{{application}}</HttpVoiceV2AppId></SipCredential>",
        ["POST applications"] = Application,
        ["PUT applications/{application}"] = Application,
        ["PATCH applications/{application}"] = "<Application><AppName>app</AppName><CallStatusCallbackUrl>remove</CallStatusCallbackUrl></Application>",
        ["POST sites"] = "<Site><Name>site</Name><Description>d</Description><Address><City>Raleigh</City></Address></Site>",
        ["PUT sites/{site}"] = "<Site><Name>site</Name></Site>",
        ["POST sites/{site}/sippeers"] = "<SipPeer><PeerName>peer{n}</PeerName><IsDefaultPeer>false</IsDefaultPeer><VoiceHosts><Host><HostName>192.0.2.7</HostName></Host></VoiceHosts></SipPeer>",
        ["PUT sites/{site}/sippeers/{location}"] = "<SipPeer><PeerName>peer{n}</PeerName><IsDefaultPeer>true</IsDefaultPeer></SipPeer>",
        ["POST sites/{site}/sippeers/{location}/products/origination/settings"] = Settings,
        ["PUT sites/{site}/sippeers/{location}/products/origination/settings"] = Settings,
        ["POST users"] = """{"userName":"user{n}","role":"read","password":"correct horse"}""",
        ["POST numbers"] = """{"sipPeerId":{location},"numbers":["{number}"]}""",
        ["POST trunks"] = Trunk,
        ["PUT trunks/{trunk}"] = Trunk,
        ["POST calls"] =
            """{"from":"+12025550100","to":"sip:{name}@{fqdn}","applicationId":"{application}","answerUrl":"http://127.0.0.1:9/answer","callTimeout":5,"priority":5,"tag":"t"}""",
        ["POST calls/{callId}"] = """{"state":"active","redirectUrl":"http://127.0.0.1:9/answer","redirectMethod":"GET"}""",
        ["PUT calls/{callId}/bxml"] = "<Bxml><Pause duration=\"1\"/></Bxml>",
        ["PUT calls/{callId}/recording"] = """{"state":"paused"}""",
        ["POST calls/{callId}/recordings/{recordingId}/transcription"] = """{"callbackUrl":"http://127.0.0.1:9/transcribed","callbackTimeout":5}""",
        ["POST conferences/{conferenceId}"] = """{"status":"completed"}""",
        ["PUT conferences/{conferenceId}/bxml"] = "<Bxml><StopRecording/></Bxml>",
        ["PUT conferences/{conferenceId}/members/{callId}"] = """{"mute":true,"hold":false}""",
        ["POST bxml/validate"] = "<Bxml><SpeakSentence>Hello</SpeakSentence></Bxml>",
    };

    public static IEnumerable<string> Methods => All.Keys;

    public static string Of(string method) => All[method];

    public static string? For(string method) => All.GetValueOrDefault(method);

    /// <summary>Puts things in the place of their names; <c>{n}</c> is another number each time.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> things)
    {
        foreach (var (name, value) in things) text = text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return text.Contains("{n}", StringComparison.Ordinal) ? text.Replace("{n}", $"{Interlocked.Increment(ref _number)}", StringComparison.Ordinal) : text;
    }
}
