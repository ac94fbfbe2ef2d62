using System.Globalization;
using System.Xml;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Bxml;

/// <summary>
/// The element of a verb, for the verb to read itself from. Every reader gives a usable value in any case; the first thing that is wrong stays in
/// <see cref="Error"/>. Attributes that nothing asks for are tolerated.
/// </summary>
internal sealed class VerbElement
{
    /// <summary>Of a tag (bxml.md 1.1).</summary>
    public const int MaximumTag = 4096;

    private readonly Dictionary<string, Attribute> _attributes = [];
    private readonly Uri? _baseUrl;
    private BxmlError? _error;

    /// <summary>Takes the attributes of the element that the reader stands on, and leaves it there.</summary>
    public VerbElement(string name, XmlReader xml, Uri? baseUrl)
    {
        _baseUrl = baseUrl;
        var place = (IXmlLineInfo)xml;
        Place = new VerbPlace(name, place.LineNumber, place.LinePosition);
        while (xml.MoveToNextAttribute()) _attributes[xml.Name] = new Attribute(xml.Value, place.LineNumber, place.LinePosition);
        xml.MoveToElement();
    }

    public VerbPlace Place { get; }

    public string Name => Place.Name;

    /// <summary>The text inside without white space around it, or the SSML inside; empty when blank.</summary>
    public string Text { get; set; } = "";

    /// <summary>The verbs inside.</summary>
    public IReadOnlyList<Verb> Children { get; set; } = [];

    /// <summary>The elements inside that are no verbs, each with its attributes and text; what they note as wrong is wrong with the verb.</summary>
    public IReadOnlyList<VerbElement> Parts { get; set; } = [];

    /// <summary>The first thing that is wrong, or null.</summary>
    public BxmlError? Error => _error ?? Parts.Select(part => part.Error).FirstOrDefault(error => error is not null);

    /// <summary>An attribute as it is, or null.</summary>
    public string? Value(string attribute) => _attributes.TryGetValue(attribute, out var found) ? found.Value : null;

    /// <summary>The attribute tag: null leaves the call's tag, empty clears it.</summary>
    public string? Tag()
    {
        if (Value("tag") is { Length: > MaximumTag } tooLong)
            Fail("tag", $"{Name}'s tag has {tooLong.Length} characters; at most {MaximumTag} are allowed.");
        return Value("tag");
    }

    /// <summary>True or false in any case.</summary>
    public bool Boolean(string attribute, bool otherwise)
    {
        if (Value(attribute) is not { } value) return otherwise;
        if (bool.TryParse(value, out var result)) return result;
        Refuse(attribute, value, "true or false");
        return otherwise;
    }

    /// <summary>A whole number of a range.</summary>
    public int WholeNumber(string attribute, int otherwise, int minimum, int maximum)
    {
        if (Value(attribute) is not { } value) return otherwise;
        if (TryReadNumber(value, out var number) && decimal.IsInteger(number) && number >= minimum && number <= maximum) return (int)number;
        Refuse(attribute, value, $"a whole number from {minimum} to {maximum}");
        return otherwise;
    }

    /// <summary>Seconds of a range, with decimals.</summary>
    public TimeSpan Seconds(string attribute, double otherwise, decimal minimum, decimal maximum)
    {
        if (Value(attribute) is not { } value) return TimeSpan.FromSeconds(otherwise);
        if (TryReadNumber(value, out var number) && number >= minimum && number <= maximum) return TimeSpan.FromTicks((long)(number * TimeSpan.TicksPerSecond));
        Refuse(attribute, value, string.Create(CultureInfo.InvariantCulture, $"seconds from {minimum} to {maximum}"));
        return TimeSpan.FromSeconds(otherwise);
    }

    /// <summary>One of some words, in any case; given in theirs. Null when absent.</summary>
    public string? Word(string attribute, params ReadOnlySpan<string> words)
    {
        if (Value(attribute) is not { } value) return null;
        foreach (var word in words)
        {
            if (value.Equals(word, StringComparison.OrdinalIgnoreCase)) return word;
        }

        Refuse(attribute, value, string.Join(" or ", words!));
        return null;
    }

    /// <summary>Where a webhook of the verb goes: {name}Url, {name}Method, {name}FallbackUrl, {name}FallbackMethod. Null without {name}Url.</summary>
    public CallbackTargets? Callback(string name)
    {
        var primary = Target(name + "Url", name + "Method", Credentials("username", "password"));
        var fallback = Target(name + "FallbackUrl", name + "FallbackMethod", Credentials("fallbackUsername", "fallbackPassword"));
        return primary is null ? null : new CallbackTargets(primary, fallback);
    }

    /// <summary>As <see cref="Callback"/>, for a verb that is nothing without it.</summary>
    public CallbackTargets RequiredCallback(string name)
    {
        var url = name + "Url";
        if (Value(url) is null) Fail(url, $"{Name} has no {url}; it is required.");
        return Callback(name) ?? new CallbackTargets(new WebhookTarget(WebUrl.None, false, null), null);
    }

    /// <summary>Where an asynchronous webhook of the verb goes: {name}Url, {name}Method. Null without {name}Url.</summary>
    public WebhookTarget? Notice(string name) => Target(name + "Url", name + "Method", Credentials("username", "password"));

    /// <summary>User name and password: both or none.</summary>
    public BasicCredentials? Credentials(string userName, string password)
    {
        switch (Value(userName), Value(password))
        {
            case (null or "", null or ""):
                return null;
            case ({ } name, { } secret):
                return new BasicCredentials(name, secret);
            case (_, null):
                Fail(userName, $"{Name} has {userName} without {password}; give both or none.");
                return null;
            default:
                Fail(password, $"{Name} has {password} without {userName}; give both or none.");
                return null;
        }
    }

    /// <summary>The text inside as a URL.</summary>
    public Uri UrlText() => Url(null, Text) ?? WebUrl.None;

    /// <summary>Notes that something is wrong with an attribute, or with the element when that is null or absent.</summary>
    public void Fail(string? attribute, string message)
    {
        var place = attribute is not null && _attributes.TryGetValue(attribute, out var found) ? found : new Attribute("", Place.Line, Place.Column);
        _error ??= new BxmlError(place.Line, place.Column, Name, attribute, ErrorText.At(place.Line, place.Column, message));
    }

    private void Refuse(string? attribute, string value, string right) =>
        Fail(attribute, $"{Subject(attribute)} is {ErrorText.Quote(value)}; give {right}.");

    private string Subject(string? attribute) => attribute is null ? $"{Name}'s text" : $"{Name}'s {attribute}";

    private WebhookTarget? Target(string url, string method, BasicCredentials? credentials)
    {
        var isGet = Word(method, "GET", "POST") == "GET";
        return Value(url) is { } value && Url(url, value) is { } resolved ? new WebhookTarget(resolved, isGet, credentials) : null;
    }

    private Uri? Url(string? attribute, string value)
    {
        switch (WebUrl.Resolve(value, _baseUrl, out var url))
        {
            case WebUrlProblem.None:
                return url;
            case WebUrlProblem.Empty:
                Fail(attribute, $"{Subject(attribute)} is empty; give an http or https URL.");
                return null;
            case WebUrlProblem.NoBase:
                Refuse(attribute, WebUrl.WithoutUserInfo(value), "an absolute URL: this document came from no URL that it could be relative to");
                return null;
            default:
                Refuse(attribute, WebUrl.WithoutUserInfo(value), "an http or https URL");
                return null;
        }
    }

    /// <summary>Some builders write numbers in the culture of their process, with a decimal comma (bxml.md 2).</summary>
    private static bool TryReadNumber(string value, out decimal number) =>
        decimal.TryParse(
            value.Replace(',', '.'),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out number);

    private readonly record struct Attribute(string Value, int Line, int Column);
}
