namespace Sipstead.Registrar.Calls;

/// <summary>Where the voice side plugs in; all receiving loops look here.</summary>
internal sealed class DeviceCallsPort
{
    private volatile IDeviceCalls? _calls;

    /// <summary>Who takes calls; null while nobody does.</summary>
    public IDeviceCalls? Calls
    {
        get => _calls;
        set => _calls = value;
    }
}
