namespace Sipstead.Provisioning.Tests;

/// <summary>Advice on passwords, and passwords that are made up.</summary>
public sealed class PasswordTests
{
    [Theory]
    [InlineData("", PasswordStrength.Weak)]
    [InlineData("Tr0ub4d", PasswordStrength.Weak)]
    [InlineData("password", PasswordStrength.Weak)]
    [InlineData("Password123456789!", PasswordStrength.Weak)]
    [InlineData("1234567890123456789", PasswordStrength.Weak)]
    [InlineData("abcdefghijklmnop", PasswordStrength.Weak)]
    [InlineData("ponmlkjihgfedcba", PasswordStrength.Weak)]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", PasswordStrength.Weak)]
    [InlineData("kowtvbxe", PasswordStrength.Weak)]
    [InlineData("Tr0ub4dor", PasswordStrength.Fair)]
    [InlineData("kowtvbxequjm", PasswordStrength.Fair)]
    [InlineData("Kowtvbxequ7m", PasswordStrength.Strong)]
    [InlineData("kowt vbxe qujm za", PasswordStrength.Strong)]
    [InlineData("correct horse battery", PasswordStrength.Strong)]
    public void Estimate_Password_ByLengthKindsAndWhatIsCommon(string password, PasswordStrength expected) =>
        Assert.Equal(expected, PasswordEstimate.Of(password));

    [Theory]
    [InlineData("reception-3-2026", "Reception-3", PasswordStrength.Weak)]
    [InlineData("reception-3-2026", "alice", PasswordStrength.Strong)]
    [InlineData("reception-3-2026", "", PasswordStrength.Strong)]
    public void Estimate_LittleMoreThanTheName_IsWeak(string password, string userName, PasswordStrength expected) =>
        Assert.Equal(expected, PasswordEstimate.Of(password, userName));

    [Fact]
    public void Generate_Passwords_AreStrongDifferentAndWithoutLookAlikes()
    {
        var all = Enumerable.Range(0, 500).Select(_ => PasswordGenerator.Generate()).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, password =>
        {
            Assert.Equal(PasswordGenerator.DefaultLength, password.Length);
            Assert.Equal(PasswordStrength.Strong, PasswordEstimate.Of(password));
            Assert.All(password, c => Assert.True(char.IsAsciiLetterOrDigit(c) && !"Il1O0".Contains(c, StringComparison.Ordinal)));
        });
        Assert.Equal(40, PasswordGenerator.Generate(40).Length);
    }
}
