namespace Milter.Conformance.Tests.Filters;

/// <summary>The filters of the test run, and the folder of their sockets.</summary>
public sealed class ConformanceFixture : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("conf-");
    private readonly Lazy<ProbePair?> _twin;
    private readonly Lazy<ProbePair?> _secondTwin;
    private readonly Lazy<ProbePair> _probe;
    private string _reason = "";

    public ConformanceFixture()
    {
        var command = new Lazy<IReadOnlyList<string>?>(() => Twin.TryBuild(_folder.FullName, out _reason));
        _twin = new(() => command.Value is { } words ? new ProbePair(words, _folder.FullName, "twin") : null);
        _secondTwin = new(() => command.Value is { } words ? new ProbePair(words, _folder.FullName, "again") : null);
        _probe = new(() => new ProbePair(ProbeCommand(), _folder.FullName, "probe"));
    }

    /// <summary>The filter under test.</summary>
    internal ProbePair Probe => _probe.Value;

    internal string Folder => _folder.FullName;

    /// <summary>The probe on libmilter. The test is skipped where it can't be built; with <c>ATTRMILTER_REQUIRE_MTA=1</c> it fails.</summary>
    internal ProbePair DemandTwin() => Demand(_twin);

    /// <summary>Another process of it.</summary>
    internal ProbePair DemandSecondTwin() => Demand(_secondTwin);

    /// <summary>The command line of the filter under test: <c>ATTRMILTER_PROBE_CMD</c>, with <c>{listen}</c> in it, or AttrMilter's probe.</summary>
    internal static IReadOnlyList<string> ProbeCommand() =>
        Environment.GetEnvironmentVariable("ATTRMILTER_PROBE_CMD") is { Length: > 0 } command
            ? command.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : ["dotnet", Path.Combine(AppContext.BaseDirectory, "Probe.dll"), "--listen", "{listen}"];

    public void Dispose()
    {
        foreach (ProbePair? pair in new[] { Value(_twin), Value(_secondTwin), _probe.IsValueCreated ? _probe.Value : null })
        {
            pair?.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static ProbePair? Value(Lazy<ProbePair?> pair) => pair.IsValueCreated ? pair.Value : null;

    private ProbePair Demand(Lazy<ProbePair?> pair)
    {
        ProbePair? value = pair.Value;
        if (value is null && Environment.GetEnvironmentVariable("ATTRMILTER_REQUIRE_MTA") == "1")
        {
            Assert.Fail(_reason);
        }

        Skip.If(value is null, _reason);
        return value;
    }
}

/// <summary>All tests with filters: one after the other, so that few processes run at a time.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's own word for it.
public sealed class ConformanceCollection : ICollectionFixture<ConformanceFixture>
#pragma warning restore CA1711
{
    public const string Name = "Conformance";
}
