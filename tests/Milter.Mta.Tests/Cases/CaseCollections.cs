namespace Milter.Mta.Tests;

/// <summary>The classes that share the servers of <see cref="CaseFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class CaseCollection : ICollectionFixture<CaseFixture>
{
    public const string Name = "Cases";
}
