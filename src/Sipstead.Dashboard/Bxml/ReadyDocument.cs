namespace Sipstead.Dashboard.Bxml;

/// <summary>A document to begin with. Each is valid, and runs on a call that no web server answers.</summary>
/// <param name="Name">As a list shows it.</param>
/// <param name="Bxml">The document.</param>
internal sealed record ReadyDocument(string Name, string Bxml)
{
    public static IReadOnlyList<ReadyDocument> All { get; } =
    [
        new(
            "Greeting",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response>
                <SpeakSentence>Hello. This call was made by Sipstead.</SpeakSentence>
                <Pause duration="1"/>
                <SpeakSentence>Goodbye.</SpeakSentence>
                <Hangup/>
            </Response>
            """),
        new(
            "Echo",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response>
                <SpeakSentence>Say something, and you will hear it.</SpeakSentence>
                <Echo duration="20"/>
                <Hangup/>
            </Response>
            """),
        new(
            "Digits menu",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response>
                <!-- gatherUrl="https://app.example/gather" would send the key there, and run what comes back. -->
                <Gather maxDigits="1" firstDigitTimeout="10" repeatCount="2">
                    <SpeakSentence>Press 1 for the weather, or 2 for the time.</SpeakSentence>
                </Gather>
                <SpeakSentence>Thank you.</SpeakSentence>
                <Hangup/>
            </Response>
            """),
    ];

    /// <summary>Whether a text is one of them as it was, so that nothing is lost with it.</summary>
    public static bool IsUnchanged(string text) => All.Any(document => document.Bxml == text);
}
