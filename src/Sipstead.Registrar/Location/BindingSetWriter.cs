namespace Sipstead.Registrar.Location;

/// <summary>Builds the packed bindings of one address-of-record. Used again for each request of a receiving loop; grows to the largest set seen.</summary>
internal sealed class BindingSetWriter
{
    private byte[] _octets = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Copies a binding as it is.</summary>
    public void Copy(in PackedBinding binding)
    {
        binding.Octets.CopyTo(Reserve(binding.Octets.Length));
        Length += binding.Octets.Length;
    }

    /// <summary>Adds a binding; the header's lengths are set here.</summary>
    public void Add(BindingHeader header, in BindingTexts texts)
    {
        texts.Measure(ref header);
        texts.CopyTo(AddHeader(header));
    }

    /// <summary>Copies the texts of a binding behind another header, of the same lengths.</summary>
    public void Copy(in PackedBinding binding, in BindingHeader header) => binding.Texts.CopyTo(AddHeader(header));

    /// <summary>Gives the place for the texts.</summary>
    private Span<byte> AddHeader(in BindingHeader header)
    {
        var size = BindingLayout.SizeOf(header);
        var at = Reserve(size + header.TextsLength);
        BindingLayout.Write(at, header);
        Length += at.Length;
        return at[size..];
    }

    private Span<byte> Reserve(int length)
    {
        if (_octets.Length - Length < length) Array.Resize(ref _octets, Math.Max(_octets.Length * 2, Length + length));
        return _octets.AsSpan(Length, length);
    }
}
