using System.Net;
using System.Text;
using Sipstead.Testing;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Server.Tests.Tenancy;

/// <summary>Every method with a body, whoever mapped it: what is refused changes nothing, and nothing fails.</summary>
public sealed class HostileBodyTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    /// <summary>Damaged bodies for each method.</summary>
    private const int Damages = 150;

    private const int Megabyte = 1 << 20;

    public static TheoryData<string, string> HostileJson => new()
    {
        { "deep", string.Concat(Enumerable.Repeat("{\"a\":", 17)) + "1" + new string('}', 17) },
        { "very deep", new string('[', 100_000) },
        { "not a number", """{"sipPeerId":NaN,"priority":NaN,"port":NaN}""" },
        { "infinite", """{"sipPeerId":Infinity,"priority":-Infinity}""" },
        { "larger than any number", """{"sipPeerId":1e999,"priority":1e999,"port":1e999,"callTimeout":1e999,"userName":1e999,"state":1e999}""" },
        { "half a surrogate pair", """{"userName":"\ud800","name":"\ud800","to":"\ud800","numbers":["\ud800"],"state":"\ud800"}""" },
        { "comment", """{/*"userName":"a"*/}""" },
        { "list", "[]" },
        { "ten megabytes", "{\"userName\":\"" + new string('x', 10 * Megabyte) + "\"}" },
    };

    private IEnumerable<Resource> WithBody => tenants.Resources.Where(resource => resource.Body is not null);

    private IEnumerable<Resource> WithJson => WithBody.Where(resource => IsJson(resource.Body!));

    private static bool IsMissing(Resource resource, TenantAnswer answer) =>
        answer.Status == HttpStatusCode.NotFound && CrossTenantTests.IsMadeByCalls(resource.Pattern);

    [Theory]
    [MemberData(nameof(HostileJson))]
    public async Task S_41_HostileJson_Is400_AtEveryResource_AndChangesNothing(string what, string body)
    {
        Assert.True(WithJson.Count() >= 8);
        foreach (var resource in WithJson)
        {
            var before = await tenants.DatabaseVersionAsync();
            var answer = await SendAsync(resource, Encoding.UTF8.GetBytes(body));
            var isRefused = answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge;
            Assert.True(isRefused || IsMissing(resource, answer), $"{what}, {resource}: {answer}");
            Assert.Equal(before, await tenants.DatabaseVersionAsync());
        }
    }

    /// <summary>Owner, id and state are the server's: what else stands in a body is not read.</summary>
    [Fact]
    public async Task S_41_OwnerAndIdInABody_MoveNothingToAnotherAccount()
    {
        const string More = """
            {"id":1,"Id":1,"account":5500000,"accountId":5500000,"AccountId":"5500000","roles":{"5500000":"admin"},"mustChangePassword":true,"callId":"c-1","owner":"stranger",
            """;
        var before = await ListsOfAsync(tenants.Stranger);
        foreach (var resource in WithJson)
        {
            var body = Bodies.Fill(More.Trim() + resource.Body![1..], tenants.Owner.Things);
            var answer = await SendAsync(resource, Encoding.UTF8.GetBytes(body));
            Assert.True((int)answer.Status is (>= 200 and < 300) or 409 || IsMissing(resource, answer), $"{resource}: {answer}");
        }

        Assert.Equal(before, await ListsOfAsync(tenants.Stranger));
    }

    [Fact]
    public async Task FUZZ_03_Bodies_Mutations_OfEveryResource_AreTakenOrRefusedWithoutAFailure_AndARefusalChangesNothing()
    {
        foreach (var resource in WithBody.DistinctBy(resource => resource.Key))
        {
            byte[][] corpus = [.. Enumerable.Range(0, 4).Select(_ => Encoding.UTF8.GetBytes(Bodies.Fill(resource.Body!, tenants.Owner.Things)))];
            for (var at = 0; at < Damages; at++)
            {
                var body = Mutations.Apply(corpus, new Random(at));
                var before = await tenants.DatabaseVersionAsync();
                var answer = await SendAsync(resource, body);
                var told = $"{resource.Key}, input {at}: {answer}\n{Convert.ToBase64String(body)}";
                Assert.True((int)answer.Status < 500, told);
                if ((int)answer.Status >= 400 && before != await tenants.DatabaseVersionAsync()) await ChangesNothingAsync(resource, body, told);
            }
        }

        Assert.DoesNotContain("Exception", tenants.Server.Log.Text, StringComparison.Ordinal);
    }

    /// <summary>A realm that was made before may have become ACTIVE meanwhile: the same refusal, once more, must change nothing.</summary>
    private Task ChangesNothingAsync(Resource resource, byte[] body, string told) => Poll.UntilAsync(told, async () =>
    {
        var before = await tenants.DatabaseVersionAsync();
        await SendAsync(resource, body);
        return before == await tenants.DatabaseVersionAsync();
    }, TestContext.Current.CancellationToken);

    private static bool IsJson(string body) => body.StartsWith('{');

    private Task<TenantAnswer> SendAsync(Resource resource, byte[] body) =>
        tenants.Owner.SendAsync(resource.Method, resource.Path(tenants.Owner.Account, tenants.Owner.Things), body, IsJson(resource.Body!));

    private static async Task<IReadOnlyList<string>> ListsOfAsync(Tenant tenant)
    {
        var lists = new List<string>();
        foreach (var list in new[] { "users", "numbers", "trunks", "calls", "sites", "applications" }) lists.Add((await tenant.SendAsync("GET", list)).Body);
        return lists;
    }
}
