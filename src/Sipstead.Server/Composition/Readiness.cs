namespace Sipstead.Server.Composition;

/// <summary>Whether every listener is bound and every store loaded.</summary>
internal sealed class Readiness
{
    private volatile bool _isReady;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }
}
