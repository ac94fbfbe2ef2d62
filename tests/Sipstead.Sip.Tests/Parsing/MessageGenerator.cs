using System.Text;
using CsCheck;

namespace Sipstead.Sip.Tests.Parsing;

/// <summary>A header of a generated message: what it means, and one of the many ways to write it.</summary>
/// <param name="Name">Name as written.</param>
/// <param name="Value">Value as the index must show it.</param>
/// <param name="Line">The line or lines on the wire, with line ends.</param>
internal sealed record GeneratedHeader(string Name, string Value, string Line);

/// <summary>A well-formed message and what it means.</summary>
internal sealed record GeneratedMessage(string StartLine, IReadOnlyList<GeneratedHeader> Headers, string Body)
{
    public string Text => StartLine + "\r\n" + string.Concat(Headers.Select(h => h.Line)) + "\r\n" + Body;

    public byte[] ToOctets() => Encoding.Latin1.GetBytes(Text);

    public override string ToString() => Text;
}

/// <summary>Generates well-formed requests and responses: headers in any order, compact names, odd case, white space and folding wherever it is legal.</summary>
internal static class MessageGenerator
{
    private static readonly string[] Methods = ["REGISTER", "INVITE", "OPTIONS", "BYE", "NEWMETHOD", "x-!%*_+`'~"];

    private static readonly Gen<string> Token = Gen.Char["abcXYZ019-.!%*_+`'~"].Array[1, 12].Select(c => new string(c));

    private static readonly Gen<string> Word = Gen.Char["abz09-.!%*_+`'~()<>:\\\"/[]?{}"].Array[1, 12].Select(c => new string(c));

    private static readonly Gen<string> Host = Gen.OneOf(
        Gen.Const("example.com"), Gen.Const("192.0.2.17"), Gen.Const("[2001:db8::1]"), Gen.Const("a-b.example.org:5070"));

    private static readonly Gen<string> User = Gen.OneOf(Gen.Const("alice"), Gen.Const("%00"), Gen.Const("+1-555;x=y/?"), Gen.Const("a:p%20w"), Gen.Const("~*'()"));

    private static readonly Gen<string> Uri = Gen.Select(User, Host, (user, host) => $"sip:{user}@{host}");

    private static readonly Gen<string> Address = Gen.Select(Uri, Gen.Int[0, 4], Token, (uri, form, tag) => form switch
    {
        0 => $"<{uri};lr>;tag={tag}",
        1 => $"\"Bell, <A> \\\" \u00e9\" <{uri}>;tag={tag}",
        2 => $"A. G. Bell <{uri}>",
        3 when !uri.Contains('?', StringComparison.Ordinal) => $"{uri};tag={tag};x=\"<;,>\"",
        _ => $"<{uri}>",
    });

    private static readonly Gen<string> Via = Gen.Select(Host, Token, Gen.Bool, (host, branch, rport) =>
        $"SIP/2.0/UDP {host};branch=z9hG4bKx{branch}{(rport ? ";rport" : "")}");

    private static readonly Gen<(string Name, string Value)> Extra = Gen.OneOf(
        Gen.Select(Token, Word, (name, value) => ("X-" + name, value)),
        Address.Select(value => ("Contact", value)),
        Address.Select(value => ("Route", value)),
        Token.Select(value => ("Supported", value)),
        Via.Select(value => ("Via", value + ", " + value)),
        Gen.Const(("Warning", "307 isi.edu \"Session parameter 'foo' not understood, at \u00ff\"")),
        Gen.Const(("Require", "")));

    private static readonly Dictionary<string, string> Compact = new()
    {
        ["Via"] = "v", ["From"] = "f", ["To"] = "t", ["Call-ID"] = "i", ["Contact"] = "m", ["Content-Length"] = "l", ["Supported"] = "k",
    };

    public static readonly Gen<GeneratedMessage> Requests =
        from method in Gen.OneOf([.. Methods.Select(Gen.Const)])
        from uri in Uri
        from headers in Headers(method)
        from body in Body
        from message in Build($"{method} {uri} SIP/2.0", headers, body)
        select message;

    public static readonly Gen<GeneratedMessage> Responses =
        from status in Gen.Int[100, 699]
        from reason in Gen.OneOf(Gen.Const(""), Gen.Const(" "), Gen.Const(" OK"), Gen.Const(" \u00d0\u00bd\u00d0\u00be = 2**3"))
        from headers in Headers("INVITE")
        from body in Body
        from message in Build($"SIP/2.0 {status}{reason}", headers, body)
        select message;

    private static Gen<string> Body => Gen.Byte.Array[0, 60].Select(octets => Encoding.Latin1.GetString(octets));

    private static Gen<List<(string Name, string Value)>> Headers(string method) =>
        from via in Via
        from addresses in Address.Array[2]
        from callId in Gen.Select(Word, Word, (a, b) => $"{a}@{b}")
        from sequence in Gen.UInt
        from extras in Extra.Array[0, 8]
        from order in Gen.Shuffle(Enumerable.Range(0, 6 + extras.Length).ToArray())
        let all = new List<(string, string)>
        {
            ("Via", via), ("From", addresses[0]), ("To", addresses[1]), ("Call-ID", callId), ("CSeq", $"{sequence} {method}"), ("Max-Forwards", "70"),
        }.Concat(extras).ToList()
        select order.Select(i => all[i]).ToList();

    private static Gen<GeneratedMessage> Build(string startLine, List<(string Name, string Value)> headers, string body)
    {
        headers.Add(("Content-Length", body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return Gen.Int[0, int.MaxValue].Array[headers.Count]
            .Select(choices => new GeneratedMessage(startLine, [.. headers.Zip(choices, (h, choice) => Write(h.Name, h.Value, choice))], body));
    }

    private static GeneratedHeader Write(string name, string value, int choice)
    {
        name = (choice % 4) switch
        {
            1 => name.ToUpperInvariant(),
            2 => Compact.GetValueOrDefault(name, name.ToLowerInvariant()),
            3 => string.Concat(name.Select((c, i) => i % 2 == 0 ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))),
            _ => name,
        };
        choice /= 4;
        var before = (choice % 3) switch { 1 => " ", 2 => "\t ", _ => "" };
        choice /= 3;
        var after = (choice % 5) switch { 1 => " ", 2 => "\t", 3 => "\r\n ", 4 => " \r\n\t \r\n  ", _ => "" };
        choice /= 5;
        var end = (choice % 4) switch { 1 => " ", 2 => "\t \t", 3 => value.Length == 0 ? "" : "\r\n ", _ => "" };
        choice /= 4;
        var written = choice % 2 == 0 ? value : value.Replace(" ", "  \r\n\t ", StringComparison.Ordinal);
        return new GeneratedHeader(name, value, $"{name}{before}:{after}{written}{end}\r\n");
    }
}
