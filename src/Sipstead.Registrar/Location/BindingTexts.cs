namespace Sipstead.Registrar.Location;

/// <summary>The texts of a binding, in the order in which they are packed.</summary>
internal readonly ref struct BindingTexts
{
    /// <summary>The Contact URI as sent, without angle brackets.</summary>
    public required ReadOnlySpan<byte> Uri { get; init; }

    /// <summary>Contact parameters as sent, without expires, each with its leading ';'.</summary>
    public ReadOnlySpan<byte> Parameters { get; init; }

    /// <summary>Path values as sent, in order, separated by commas.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    public required ReadOnlySpan<byte> CallId { get; init; }

    public ReadOnlySpan<byte> UserAgent { get; init; }

    /// <summary>Sets the lengths in a header.</summary>
    public void Measure(ref BindingHeader header)
    {
        header.UriLength = (ushort)Uri.Length;
        header.ParametersLength = (ushort)Parameters.Length;
        header.PathLength = (ushort)Path.Length;
        header.CallIdLength = (ushort)CallId.Length;
        header.UserAgentLength = (ushort)UserAgent.Length;
    }

    /// <summary>Writes the texts one behind the other.</summary>
    public void CopyTo(Span<byte> destination)
    {
        Uri.CopyTo(destination);
        destination = destination[Uri.Length..];
        Parameters.CopyTo(destination);
        destination = destination[Parameters.Length..];
        Path.CopyTo(destination);
        destination = destination[Path.Length..];
        CallId.CopyTo(destination);
        UserAgent.CopyTo(destination[CallId.Length..]);
    }
}
