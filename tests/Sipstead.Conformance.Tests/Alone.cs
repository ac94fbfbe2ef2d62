using Xunit;

namespace Sipstead.Conformance.Tests;

/// <summary>Tests that measure the process and so run beside no other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
