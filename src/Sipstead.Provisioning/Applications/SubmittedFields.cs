using System.Globalization;

namespace Sipstead.Provisioning.Applications;

/// <summary>
/// Takes submitted fields over current ones and keeps the first error. A missing field keeps its current value in a partial update and
/// gets its default otherwise. No error repeats a password.
/// </summary>
internal sealed class SubmittedFields(bool isPartial)
{
    private const int MaximumUrlLength = 2048;
    private const int MaximumNameLength = 256;
    private const int MaximumCredentialLength = 1024;
    private const int MaximumTypes = 32;
    private const int MaximumTypeLength = 64;
    private const double MinimumTimeout = 1;
    private const double MaximumTimeout = 25;

    /// <summary>The first rule that was broken.</summary>
    public ProvisioningError? Error { get; private set; }

    /// <summary>Remembers an error, unless there is one.</summary>
    public void Refuse(int code, string description) => Error ??= ProvisioningError.Invalid(code, description);

    public string Name(string? submitted, string? current)
    {
        var name = submitted ?? current;
        if (string.IsNullOrEmpty(name)) Refuse(ErrorCodes.ApplicationNameRequired, "Application Name required");
        CheckLength("AppName", name, MaximumNameLength);
        return name ?? "";
    }

    /// <summary>A URL that cannot be taken away: a full update may leave it out too.</summary>
    public string? RequiredUrl(string element, string? submitted, string? current)
    {
        var url = submitted ?? current;
        if (string.IsNullOrEmpty(url)) Refuse(ErrorCodes.InboundUrlRequired, $"The inbound callback URL must be specified: {element}");
        else CheckUrl(element, url);
        return url;
    }

    public string? Url(string element, string? submitted, string? current)
    {
        if (string.IsNullOrEmpty(submitted)) return isPartial ? current : null;
        if (isPartial && submitted == NewApplication.Remove) return null;
        CheckUrl(element, submitted);
        return submitted;
    }

    public CallbackMethod Method(string element, string? submitted, CallbackMethod current)
    {
        switch (submitted)
        {
            case null or "":
                return isPartial ? current : CallbackMethod.Post;
            case "POST":
                return CallbackMethod.Post;
            case "GET":
                return CallbackMethod.Get;
            default:
                Refuse(ErrorCodes.BadCallbackMethod, $"Invalid HTTP method specified. GET or POST required: {element}");
                return current;
        }
    }

    /// <summary>A user name alone, as an answer shows it, keeps the password that is stored for this user.</summary>
    public (string? UserId, string? Password) Credentials(
        string element, NewCallbackCredentials? submitted, string? currentUserId, string? currentPassword)
    {
        var userId = submitted?.UserId ?? "";
        var password = submitted?.Password ?? "";
        CheckLength($"{element} UserId", userId, MaximumCredentialLength);
        CheckLength($"{element} Password", password, MaximumCredentialLength);
        if (userId.Length == 0)
        {
            if (password.Length > 0)
                Refuse(ErrorCodes.PasswordWithoutUserId, $"Can not save password without user name: {element}");
            return isPartial ? (currentUserId, currentPassword) : default;
        }

        // HTTP Basic cannot carry them (RFC 7617 2): the name would end at its first colon.
        if (userId.Any(c => c == ':' || char.IsControl(c)) || password.Any(char.IsControl))
            Refuse(ErrorCodes.NotValid, $"{element} has a colon in its UserId, or a control character");
        if (password.Length > 0) return (userId, password);
        if (currentUserId is null)
        {
            Refuse(ErrorCodes.UserIdWithoutPassword, $"Can not save user id without password: {element}");
        }
        else if (currentUserId != userId)
        {
            Refuse(
                ErrorCodes.UserIdChangedWithoutPassword,
                $"UserId of Application could not be changed without specifying Password: {element}");
        }

        return (currentUserId, currentPassword);
    }

    public double? Timeout(string element, string? submitted, double? current)
    {
        if (string.IsNullOrEmpty(submitted)) return isPartial ? current : null;
        var isNumber = double.TryParse(submitted, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
        if (isNumber && seconds is >= MinimumTimeout and <= MaximumTimeout) return seconds;
        Refuse(ErrorCodes.NotValid, $"{element} is not valid; it must be {MinimumTimeout} to {MaximumTimeout} seconds");
        return current;
    }

    public string? Types(string element, IReadOnlyList<string>? submitted, string? current)
    {
        if (submitted is null) return isPartial ? current : null;
        if (submitted.Count > MaximumTypes) Refuse(ErrorCodes.TooLong, $"{element} has more than {MaximumTypes} entries");
        foreach (var type in submitted)
        {
            CheckLength(element, type, MaximumTypeLength);
            if (type.Length == 0 || !type.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                Refuse(ErrorCodes.NotValid, $"{element} has an entry that is no name of an event");
        }

        return submitted.Count == 0 ? null : string.Join(' ', submitted);
    }

    /// <summary>A user name and password in a URL would come back in answers, so there is no place for them in it.</summary>
    private void CheckUrl(string element, string url)
    {
        CheckLength(element, url, MaximumUrlLength);
        var isHttp = url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        var isPlain = !url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\');
        var parsed = isHttp && isPlain && Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri : null;
        if (parsed is not { Host.Length: > 0, UserInfo: "" })
        {
            Refuse(
                ErrorCodes.BadUrl,
                $"The format of the requested URL is invalid - It should be a valid format for an Internet destination: {element}");
        }
    }

    private void CheckLength(string element, string? text, int maximum)
    {
        if (text?.Length > maximum) Refuse(ErrorCodes.TooLong, $"{element} is too long ({maximum} characters max)");
    }
}
