namespace Sipstead.Provisioning.Store;

/// <summary>The database cannot be opened. The message is one line for the operator.</summary>
public sealed class ProvisioningStoreException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public ProvisioningStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it came from.</summary>
    public ProvisioningStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
