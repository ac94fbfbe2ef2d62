using System.Text;

namespace Sipstead.Provisioning.Api;

/// <summary>
/// An element of a request. Only elements without a prefix in the root's namespace are kept: others are not ours. Order, attributes
/// and unknown elements do not matter (contract 1).
/// </summary>
public sealed class RequestElement
{
    private readonly List<RequestElement> _children = [];
    private StringBuilder? _moreText;

    internal RequestElement(string name, int line, int position)
    {
        Name = name;
        Line = line;
        Position = position;
    }

    /// <summary>The element's name.</summary>
    public string Name { get; }

    /// <summary>The text directly inside, without white space at its ends.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The child elements in document order.</summary>
    public IReadOnlyList<RequestElement> Children => _children;

    internal int Line { get; }

    internal int Position { get; }

    /// <summary>The child of this name; null when there is none.</summary>
    public RequestElement? Child(string name) => _children.Find(c => c.Name == name);

    /// <summary>The text of the child of this name; null when there is none.</summary>
    public string? Value(string name) => Child(name)?.Text;

    /// <summary>
    /// The text of the child of this name as true or false; null when there is none or it is empty, an error when it is neither.
    /// </summary>
    public ProvisioningError? ReadBoolean(string name, out bool? value)
    {
        var text = Value(name);
        value = text?.ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => null,
        };
        return value is null && !string.IsNullOrEmpty(text)
            ? ProvisioningError.Invalid(ErrorCodes.NotValid, $"{name} '{text}' is not valid; write true or false")
            : null;
    }

    /// <summary>An error if one of the names occurs more than once among the children: which of them counts would be a guess.</summary>
    public ProvisioningError? CheckSingle(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var first = _children.FindIndex(c => c.Name == name);
            if (first < 0) continue;
            if (_children.FindIndex(first + 1, c => c.Name == name) is var second and >= 0)
            {
                return ProvisioningError.Invalid(
                    ErrorCodes.Duplicated,
                    $"{name} is duplicated in {Name}. Line {_children[second].Line}, position {_children[second].Position}.");
            }
        }

        return null;
    }

    internal void Add(RequestElement child) => _children.Add(child);

    /// <summary>Adds a piece of text; there may be many (CDATA sections).</summary>
    internal void Add(string text)
    {
        if (Text.Length == 0) Text = text;
        else (_moreText ??= new StringBuilder(Text)).Append(text);
    }

    /// <summary>The end tag: the text is complete.</summary>
    internal void End() => Text = (_moreText?.ToString() ?? Text).Trim(' ', '\t', '\r', '\n');
}
