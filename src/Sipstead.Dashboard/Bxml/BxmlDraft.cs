namespace Sipstead.Dashboard.Bxml;

/// <summary>The text in the BXML editor. One for each circuit: it outlives a look at other pages.</summary>
internal sealed class BxmlDraft
{
    public string Text { get; set; } = ReadyDocument.All[0].Bxml;
}
