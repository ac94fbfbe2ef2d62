namespace Sipstead.Provisioning.Applications;

/// <summary>The HTTP method of a callback.</summary>
public enum CallbackMethod
{
    /// <summary>The properties of the event as a JSON body.</summary>
    Post = 0,

    /// <summary>The properties of the event as query parameters.</summary>
    Get = 1,
}
