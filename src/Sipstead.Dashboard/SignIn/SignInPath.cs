namespace Sipstead.Dashboard.SignIn;

/// <summary>The way to the sign-in, and back to the page that asked for it.</summary>
internal static class SignInPath
{
    public const string Page = "/signin";

    public const string SignOut = "/signout";

    public const string ReturnParameter = "return";

    /// <summary>The sign-in that goes on to a page of ours.</summary>
    public static string To(string page) => page.Length == 0 ? Page : $"{Page}?{ReturnParameter}={Uri.EscapeDataString("/" + page.TrimStart('/'))}";

    /// <summary>Where to go on: a path of ours, never another site (an open redirect).</summary>
    public static string Return(string? page) =>
        page is ['/', not ('/' or '\\'), ..] && !page.Any(char.IsControl) && !page.Contains('\\', StringComparison.Ordinal) ? page : "/";
}
