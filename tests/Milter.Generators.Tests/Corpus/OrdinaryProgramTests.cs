using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Corpus;

/// <summary>
/// Filters as postmasters write them: nothing is said of them, not even an info. Milter.OrdinaryFilters compiles the same files with all rules of the platform.
/// </summary>
public sealed class OrdinaryProgramTests
{
    public static TheoryData<string> Programs => [.. Directory.GetFiles(Folder(), "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_enough() => Assert.True(Programs.Count >= 40);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Nothing_is_said_of_it(string program)
    {
        string source = await File.ReadAllTextAsync(Path.Combine(Folder(), program + ".cs"));
        CSharpCompilation compilation = GeneratorHarness.CompileGenerated(source);

        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString()));
        Assert.Empty((await GeneratorHarness.AnalyzeAsync(compilation)).Select(found => found.ToString()));
        Assert.Contains(compilation.SyntaxTrees, tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Ordinary");
}
