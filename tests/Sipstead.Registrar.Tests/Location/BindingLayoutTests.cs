using System.Text;
using CsCheck;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Registrar.Tests.Location;

/// <summary>A packed binding says what was packed, whichever parts it has; cut anywhere, or with any length in it wrong, it is not taken for one.</summary>
public sealed class BindingLayoutTests
{
    private static readonly Gen<TransportAddress> Address = Gen.Select(
        Gen.OneOf(Gen.UInt.Select(bits => ((UInt128)0xFFFF << 32) | bits), Gen.Select(Gen.ULong, Gen.ULong).Select(t => new UInt128(t.Item1, t.Item2))),
        Gen.UShort, Gen.OneOf(Gen.Const(0u), Gen.UInt)).Select(t => new TransportAddress(t.Item1, t.Item2, t.Item3));

    private static readonly Gen<SipFlow> Flow = Gen.Select(
        Gen.Enum<SipTransport>(), Address, Address, Gen.OneOf(Gen.Const(0L), Gen.Long)).Select(t => new SipFlow(t.Item1, t.Item2, t.Item3, t.Item4));

    private static readonly Gen<long> Number = Gen.Long[0, (1L << 47) - 1];

    private static readonly Gen<BindingHeader> Header = Gen.Select(
        Gen.UInt, Gen.Select(Number, Number, Number, Number), Flow, Gen.OneOf(Gen.Const((short)-1), Gen.Short[0, 1000]),
        Gen.OneOf(Gen.Const(0u), Gen.UInt), Gen.OneOf(Gen.Const(0L), Gen.Long)).Select(t => new BindingHeader
        {
            CSeq = t.Item1, ExpiresAt = t.Item2.Item1, RefreshedAt = t.Item2.Item2, Id = t.Item2.Item3, RegisteredAt = t.Item2.Item4, Flow = t.Item3,
            Q = t.Item4, RegId = t.Item5, GruuEpoch = t.Item6, Flags = BindingFlags.FlowEnded,
        });

    private static readonly Gen<string[]> Texts = Gen.OneOf(Gen.Int[0, 40], Gen.Int[200, 700]).SelectMany(longest => Gen.String[Gen.Char.AlphaNumeric, 0, longest].Array[5]);

    [Fact]
    public void WhatWasPacked_IsRead() => Gen.Select(Header, Texts).Sample((header, texts) =>
    {
        var set = new BindingSetWriter();
        var octets = texts.Select(Encoding.ASCII.GetBytes).ToArray();
        set.Add(header, new BindingTexts { Uri = octets[0], Parameters = octets[1], Path = octets[2], CallId = octets[3], UserAgent = octets[4] });
        Assert.True(PackedBindings.AreWhole(set.Written));
        var read = new PackedBinding(set.Written);
        string[] found = [Text(read.Uri), Text(read.Parameters), Text(read.Path), Text(read.CallId), Text(read.UserAgent)];
        Assert.Equal<IEnumerable<string>>(texts, found);
        Assert.Equal(Facts(header), Facts(read.Header));
        for (var length = 1; length < set.Length; length++) Assert.False(PackedBindings.AreWhole(set.Written[..length]));

        // Behind a header with other parts, the texts are the same.
        var other = read.Header;
        other.Flow = default;
        other.Q = 7;
        var copy = new BindingSetWriter();
        copy.Copy(read, other);
        Assert.Equal(Facts(other), Facts(new PackedBinding(copy.Written).Header));
        Assert.Equal(string.Concat(texts), Text(new PackedBinding(copy.Written).Texts));
    });

    [Fact]
    public void MoveToThisRun_ChangesTimesAndConnectionOnly() => Gen.Select(Header, Texts, Gen.Int[-1000, 1000]).Sample((header, texts, shift) =>
    {
        header.ExpiresAt = Math.Clamp(header.ExpiresAt, 1000, (1L << 47) - 1001); // so that moved times have room, too
        header.RefreshedAt = Math.Clamp(header.RefreshedAt, 1000, (1L << 47) - 1001);
        var set = new BindingSetWriter();
        var octets = texts.Select(Encoding.ASCII.GetBytes).ToArray();
        set.Add(header, new BindingTexts { Uri = octets[0], Parameters = octets[1], Path = octets[2], CallId = octets[3], UserAgent = octets[4] });
        var moved = set.Written.ToArray();
        BindingLayout.MoveToThisRun(moved, shift);
        Assert.True(PackedBindings.AreWhole(moved));
        (header.ExpiresAt, header.RefreshedAt, header.Flow) = (header.ExpiresAt + shift, header.RefreshedAt + shift, header.Flow with { ConnectionId = 0 });
        var read = new PackedBinding(moved);
        Assert.Equal(Facts(header), Facts(read.Header));
        Assert.Equal(string.Concat(texts), Text(read.Texts));
    });

    [Fact]
    public void AnyOctets_AreRefused_OrCanBeWalked() => Gen.Byte.Array[0, 300].Sample(octets =>
    {
        if (octets.Length >= 4) BitConverter.TryWriteBytes(octets, octets.Length); // else hardly any would be whole
        if (!PackedBindings.AreWhole(octets)) return;
        foreach (var binding in new PackedBindings(octets)) Assert.True(binding.Uri.Length + binding.UserAgent.Length <= octets.Length);
    });

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.ASCII.GetString(octets);

    private static object Facts(in BindingHeader header) =>
        (header.CSeq, header.ExpiresAt, header.RefreshedAt, header.Id, header.RegisteredAt, header.Flow, header.Q, (header.RegId, header.GruuEpoch, header.Flags));
}
