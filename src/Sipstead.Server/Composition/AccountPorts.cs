using Sipstead.Provisioning.View;
using Sipstead.Sip.Transport;

namespace Sipstead.Server.Composition;

/// <summary>Opens the SIP port of each account with its first realm (ruling 15).</summary>
internal sealed class AccountPorts : IDisposable
{
    private readonly ProvisioningView _view;
    private readonly SipTransportLayer _transports;
    private readonly ILogger _logger;

    /// <summary>Opens the ports of the realms there are, and goes on with those to come.</summary>
    public AccountPorts(ProvisioningView view, SipTransportLayer transports, ILogger logger)
    {
        _view = view;
        _transports = transports;
        _logger = logger;
        view.Changed += OnChanged;
        foreach (var port in view.Realms.All.Select(realm => realm.SipPort).Distinct().ToList()) Open(port);
    }

    public void Dispose() => _view.Changed -= OnChanged;

    private void OnChanged(ProvisioningChange change)
    {
        if (change.Kind == ProvisioningChangeKind.RealmActivated && _view.Realms.TryFind(change.RealmId, out var realm)) Open(realm.SipPort);
    }

    private void Open(int port)
    {
        try
        {
            _transports.OpenAccountPort(port);
        }
        catch (SipBindException e)
        {
            // The other accounts go on; this one's devices cannot register until the port is free and the server started again.
            ServerLog.AccountPortFailed(_logger, port, e.Message);
        }
    }
}
