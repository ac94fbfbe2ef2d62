namespace Sipstead.Webhooks.Tests;

public sealed class WebhookOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreRight() => Assert.Empty(new WebhookOptions().Validate());

    [Fact]
    public void Validate_EverythingWrong_NamesEachKeyAtOnce()
    {
        var wrong = new WebhookOptions
        {
            AllowedNetworks = ["10.0.0.0/8", "10.0.0.0/33", "home"], MaxInFlight = 0, MaxInFlightPerAccount = 0, MaxInFlightPerHost = 0, HostRequestsPerSecond = 0,
            HostBurst = 0,
        };
        var errors = wrong.Validate().ToList();
        Assert.Equal(
            [
                "Sipstead:Webhooks:AllowedNetworks", "Sipstead:Webhooks:AllowedNetworks", "Sipstead:Webhooks:MaxInFlight", "Sipstead:Limits:WebhooksPerAccount",
                "Sipstead:Limits:WebhooksPerHost", "Sipstead:Limits:WebhooksPerHostPerSecond", "Sipstead:Limits:WebhookBurst",
            ],
            errors.Select(error => error.Split(' ')[0]));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.0.0.7", "10.0.0.7/32")]
    [InlineData("fd00::/8", "fd00::/8")]
    [InlineData("::1", "::1/128")]
    [InlineData("10", null)]
    [InlineData("0x7f000001", null)]
    [InlineData("", null)]
    [InlineData("/8", null)]
    [InlineData("example.com/8", null)]
    public void TryParseNetwork_ReadsNetworksAndAddresses(string text, string? expected) =>
        Assert.Equal(expected, WebhookOptions.TryParseNetwork(text, out var network) ? network.ToString() : null);
}
