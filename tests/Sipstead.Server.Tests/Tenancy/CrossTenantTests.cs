using System.Net;

namespace Sipstead.Server.Tests.Tenancy;

/// <summary>Every resource that is mapped, whoever mapped it: what one account has is not there for another. New ones are found by themselves.</summary>
public sealed class CrossTenantTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    /// <summary>Things that nobody has, of the form that theirs have.</summary>
    private static readonly Dictionary<string, string> NobodysThings = new()
    {
        ["realm"] = "999999", ["fqdn"] = "nobody.abcdef.auth.sipstead.localhost", ["application"] = "68092813-741b-4afe-b198-91f425bce81e",
        ["credential"] = "999999", ["name"] = "nobody", ["site"] = "999999", ["location"] = "999999", ["number"] = "+12029999999", ["trunk"] = "999999",
        ["user"] = "nobody at all", ["registration"] = "999999", ["callId"] = "c-abcdef01-68092813-741b-4afe-b198-91f425bce81e",
    };

    /// <summary>What changes by itself.</summary>
    private static readonly string[] Moves = ["calls", "statistics", "registration"];

    [Fact]
    public void EveryMethodWithABody_HasOneHere() => Assert.Equal(
        tenants.Resources.Where(resource => resource.Method is "POST" or "PUT" or "PATCH" && resource.Pattern != "voiceConfigurationPackages/rest")
            .Select(resource => resource.Key).Distinct().Order(StringComparer.Ordinal),
        Bodies.Methods.Order(StringComparer.Ordinal));

    /// <summary>In the account's own name, its things and the bodies of these tests are good: a refusal of the other tests is one of who asks.</summary>
    [Fact]
    public async Task TheOwner_ReachesEverything()
    {
        var before = await tenants.DatabaseVersionAsync();
        foreach (var resource in tenants.Resources.Where(resource => resource.Method != "DELETE" && !resource.Pattern.StartsWith("voice", StringComparison.Ordinal)))
        {
            var answer = await tenants.Owner.SendAsync(resource.Method, resource.Path(tenants.Owner.Account, tenants.Owner.Things), resource.Body);
            var mayWait = resource.Pattern is "calls/{callId}" or "calls/{callId}/bxml" && answer.Status == HttpStatusCode.Conflict; // nobody answered yet, or any more
            mayWait |= IsMadeByCalls(resource.Pattern) && answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict;
            Assert.True(mayWait || (int)answer.Status is >= 200 and < 400, $"{resource}: {answer}");
        }

        Assert.NotEqual(before, await tenants.DatabaseVersionAsync());
    }

    /// <summary>Nobody talks in these tests, so there are no recordings, transcripts and conferences: their owner hears 404, others do not even hear that.</summary>
    internal static bool IsMadeByCalls(string pattern) =>
        pattern.StartsWith("calls/{callId}/recording", StringComparison.Ordinal) || pattern.StartsWith("calls/{callId}/transcriptions/{", StringComparison.Ordinal)
        || pattern.StartsWith("conferences/{", StringComparison.Ordinal);

    [Fact]
    public async Task S_10_EveryResource_OfAnotherAccount_IsAnsweredAsOfNoAccount()
    {
        var before = await tenants.DatabaseVersionAsync();
        Assert.True(tenants.Resources.Count > 100);
        foreach (var resource in tenants.Resources)
        {
            var theirs = await tenants.Stranger.SendAsync(
                resource.Method, resource.Path(tenants.Owner.Account, tenants.Owner.Things), resource.Body, tenants.Owner.Things);
            var nobodys = await tenants.Stranger.SendAsync(
                resource.Method, resource.Path(TwoTenants.Nobody, tenants.Owner.Things), resource.Body, tenants.Owner.Things);
            Assert.True(theirs.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden, $"{resource}: {theirs}");
            Assert.Equal(theirs with { Body = theirs.Body.Replace($"{tenants.Owner.Account}", $"{TwoTenants.Nobody}", StringComparison.Ordinal) }, nobodys);
        }

        Assert.Equal(before, await tenants.DatabaseVersionAsync());
    }

    /// <summary>In the path, in the body, and below a thing of one's own.</summary>
    [Fact]
    public async Task S_10_EveryThing_OfAnotherAccount_IsAnsweredAsOfNobody()
    {
        var before = await OwnersThingsAsync();
        foreach (var resource in tenants.Resources)
        {
            foreach (var name in NobodysThings.Keys.Where(name => Names(resource, name)))
            {
                var theirs = await AskAsync(resource, name, tenants.Owner.Things[name]);
                var nobodys = await AskAsync(resource, name, NobodysThings[name]);
                Assert.Equal((resource, name, nobodys), (resource, name, theirs));
            }
        }

        Assert.Equal(before, await OwnersThingsAsync());
    }

    /// <summary>What the owner sees of all that stands in the database.</summary>
    private async Task<IReadOnlyList<string>> OwnersThingsAsync()
    {
        var seen = new List<string>();
        foreach (var resource in tenants.Resources.Where(one => one is { Method: "GET", Prefix: "/api/v2/accounts/" } && !Moves.Any(one.Pattern.Contains)))
            seen.Add(WithoutHealth((await tenants.Owner.SendAsync("GET", resource.Path(tenants.Owner.Account, tenants.Owner.Things) + "?page=1")).Body));
        return seen;
    }

    /// <summary>What trunks answered to OPTIONS moves by itself too.</summary>
    private static string WithoutHealth(string body)
    {
        var parts = body.Split("\"health\":{");
        return parts[0] + string.Concat(parts.Skip(1).Select(part => part[part.IndexOf('}', StringComparison.Ordinal)..]));
    }

    private static bool Names(Resource resource, string thing) =>
        resource.Pattern.Contains($"{{{thing}}}", StringComparison.Ordinal) || resource.Body?.Contains($"{{{thing}}}", StringComparison.Ordinal) == true;

    /// <summary>What a stranger is told who puts one thing among the stranger's own.</summary>
    private async Task<TenantAnswer> AskAsync(Resource resource, string name, string thing)
    {
        var things = new Dictionary<string, string>(tenants.Stranger.Things) { [name] = thing };
        var answer = await tenants.Stranger.SendAsync(resource.Method, resource.Path(tenants.Stranger.Account, things), resource.Body, things);
        return answer with { Body = $"{ErrorCode(answer.Body)} {WithoutNumbers(answer.Body.Replace(thing, "", StringComparison.Ordinal))}" };
    }

    private static string ErrorCode(string body) => body.Split("<ErrorCode>") is [_, var code, ..] ? code.Split('<')[0] : "";

    /// <summary>Ids are numbers, and those of new calls have hexadecimal digits too.</summary>
    private static string WithoutNumbers(string body) => string.Join(' ', body.Split('"', '<', '>', '/').Where(word => !word.Any(char.IsAsciiDigit)));
}
