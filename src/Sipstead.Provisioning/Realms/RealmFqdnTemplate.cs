namespace Sipstead.Provisioning.Realms;

/// <summary>Makes a realm's fully qualified name (contract 4.2, ruling 18).</summary>
internal sealed class RealmFqdnTemplate(string template, string baseDomain)
{
    private const string NamePart = "{name}";
    private const string HexPart = "{hex}";
    private const string BasePart = "{base}";
    private const int MaximumNameLength = 253;
    private const int MaximumLabelLength = 63;

    /// <summary>The name of realm <paramref name="name"/> in the account with the digits <paramref name="hex"/>, in lower case.</summary>
    public string Format(string name, string hex) => template
        .Replace(NamePart, name, StringComparison.Ordinal)
        .Replace(HexPart, hex, StringComparison.Ordinal)
        .Replace(BasePart, baseDomain.TrimEnd('.'), StringComparison.Ordinal)
        .ToLowerInvariant();

    /// <summary>What is wrong with a template and base domain, for the longest realm name.</summary>
    public static IEnumerable<string> Validate(string? template, string? baseDomain)
    {
        var isUsable = true;
        if (string.IsNullOrEmpty(baseDomain) || !IsHostName(baseDomain.TrimEnd('.')))
        {
            isUsable = false;
            yield return $"Sipstead:BaseDomain is '{baseDomain}', which is no domain name.";
        }

        if (template is null || !template.Contains(NamePart, StringComparison.Ordinal))
        {
            isUsable = false;
            yield return $"Sipstead:RealmFqdn is '{template}'; it must contain {NamePart}, as in {{name}}.{{hex}}.{{base}}.";
        }

        if (!isUsable) yield break;
        var longest = new RealmFqdnTemplate(template!, baseDomain!).Format(new string('a', RealmRules.MaximumNameLength), "abcdef");
        if (!IsHostName(longest) || !longest.Contains('.', StringComparison.Ordinal))
            yield return $"Sipstead:RealmFqdn is '{template}'; it makes '{longest}', which is no domain name.";
    }

    private static bool IsHostName(string name) =>
        name.Length <= MaximumNameLength && name.Split('.').All(label =>
            label.Length is > 0 and <= MaximumLabelLength
            && label[0] != '-' && label[^1] != '-'
            && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}
