namespace Sipstead.Provisioning.Tests;

/// <summary>
/// Which database the tests run on: here SQLite in the folder. The tests of this project that do not look into the file are those of
/// Sipstead.Provisioning.Postgres.Tests too, which has a class of this name for PostgreSQL.
/// </summary>
internal static class TestDatabase
{
    /// <summary>Why the tests cannot run; null when they can.</summary>
    public static string? WhyMissing => null;

    /// <summary>Skips the test when it cannot run.</summary>
    public static void Require() => Assert.SkipWhen(WhyMissing is not null, WhyMissing ?? "");

    /// <summary>Settings with the database that belongs to a folder.</summary>
    public static Task<ProvisioningOptions> InAsync(TemporaryFolder folder, ProvisioningOptions options) =>
        Task.FromResult(options with { DataDirectory = folder.Path });
}
