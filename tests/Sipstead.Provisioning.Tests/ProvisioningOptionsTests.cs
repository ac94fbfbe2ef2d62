namespace Sipstead.Provisioning.Tests;

public sealed class ProvisioningOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreUsable() => Assert.Empty(new ProvisioningOptions().Validate());

    [Fact]
    public void Validate_EverythingWrong_NamesEveryKeyAtOnce()
    {
        var errors = new ProvisioningOptions
        {
            DataDirectory = " ",
            Database = "Host=somewhere",
            BaseDomain = "not a domain",
            RealmFqdn = "fixed.{base}",
            SipPort = 0,
            AccountPorts = "9-1",
            BootstrapAccountId = 0,
            BootstrapUserName = "a:b",
            BootstrapPassword = "short",
            KnownProxies = ["proxy.example"],
        }.Validate().ToList();
        string[] keys =
        [
            "Sipstead:DataDirectory", "Sipstead:Database", "Sipstead:BaseDomain", "Sipstead:RealmFqdn", "Sipstead:Sip:Port", "Sipstead:Sip:AccountPorts",
            "Sipstead:Bootstrap:AccountId", "Sipstead:Bootstrap:UserName", "Sipstead:Bootstrap:Password", "Sipstead:Http:KnownProxies",
        ];
        Assert.Equal(keys.Length, errors.Count);
        Assert.All(keys, key => Assert.Contains(errors, e => e.StartsWith(key, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{name}-{hex}.{base}", true)]
    [InlineData("{name}.{base}", true)]
    [InlineData("{name}{hex}.{base}", true)]
    [InlineData("{name}{hex}", false)]
    [InlineData("{name}..{base}", false)]
    [InlineData("{name}.{hex}.{base", false)]
    [InlineData("-{name}.{base}", false)]
    [InlineData("{hex}.{base}", false)]
    [InlineData("", false)]
    public void Validate_Template_MustMakeADomainName(string template, bool isUsable) =>
        Assert.Equal(isUsable, !new ProvisioningOptions { RealmFqdn = template }.Validate().Any());

    [Theory]
    [InlineData("5100", true)]
    [InlineData("5100-5100", true)]
    [InlineData("1-65535", true)]
    [InlineData("0-10", false)]
    [InlineData("5100-65536", false)]
    [InlineData("5100-", false)]
    [InlineData("", false)]
    [InlineData("a-b", false)]
    public void Validate_AccountPorts_MustBeARange(string range, bool isUsable) =>
        Assert.Equal(isUsable, !new ProvisioningOptions { AccountPorts = range }.Validate().Any());

    [Theory]
    [InlineData("Host=db;Database=sipstead;Username=sipstead;Password=\"a;b=c\"", true)]
    [InlineData("Host=/run/postgresql;Database=sipstead", true)]
    [InlineData("Host=one,two;Database=sipstead", false)]
    [InlineData("Host=db", false)]
    [InlineData("Database=sipstead", false)]
    [InlineData("Host=db;Database=sipstead;Port=many", false)]
    [InlineData("postgres://db/sipstead", false)]
    [InlineData("anything", false)]
    public void Validate_Database_IsAConnectionString(string text, bool isUsable) =>
        Assert.Equal(isUsable, !new ProvisioningOptions { Database = text }.Validate().Any());

    [Fact]
    public void ToString_HasNoPassword() => Assert.DoesNotContain(
        "correct horse", new ProvisioningOptions { BootstrapPassword = "correct horse", Database = "Password=correct horse" }.ToString(), StringComparison.Ordinal);
}
