using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>
/// Changes all programs of the corpus at random: generator and analyzers never fail, and generated code compiles unless the program itself does not.
/// A few variants in each run; <c>eng/mutate.sh VARIANTS SEED</c> for many (<c>ATTRMILTER_MUTATIONS</c>, <c>ATTRMILTER_SEED</c>).
/// </summary>
public sealed class MutationTests
{
    private static readonly string[] s_programs = [.. Directory.GetFiles(Path.Combine(Folder(), "Corpus"), "*.cs", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) is "Right" or "Wrong" or "Ordinary")
        .Order(StringComparer.Ordinal)
        .Select(path => Mutator.Plain(File.ReadAllText(path).ReplaceLineEndings("\n")))];

    [Fact]
    public async Task Whatever_is_done_to_a_program_nothing_fails()
    {
        int variants = Setting("ATTRMILTER_MUTATIONS", 150);
        int seed = Setting("ATTRMILTER_SEED", 1);
        int compiled = 0;
        await Parallel.ForAsync(0, variants, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (i, ct) =>
        {
            // Each variant by itself, so that one can be had again without the others.
            string variant = new Mutator(s_programs, new Random(unchecked((seed * 1_000_003) + i))).Next();
            (string? fault, bool compiles) = await FaultAsync(variant);
            Assert.True(fault is null, $"Variant {i} of seed {seed}: {fault}\n{variant}");
            Interlocked.Add(ref compiled, compiles ? 1 : 0);
        });

        // Else all of them stop at the compiler's first complaint, and nothing is tried.
        Assert.InRange(compiled, variants / 50, variants);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{variants} variants of {s_programs.Length} programs, seed {seed}: {compiled} compile, none fails."));
    }

    private static async Task<(string? Fault, bool Compiles)> FaultAsync(string variant)
    {
        CSharpCompilation user = GeneratorHarness.Compile([Usings.Global, .. variant.Split("\n// file\n")]);
        GeneratorDriver driver = GeneratorHarness.NewDriver().RunGeneratorsAndUpdateCompilation(user, out Compilation output, out ImmutableArray<Diagnostic> said);
        if ((driver.GetRunResult().Results[0].Exception?.ToString() ?? said.FirstOrDefault(found => found.Id == "CS8785")?.ToString()) is { } thrown)
        {
            return (thrown, false);
        }

        if ((await output.WithAnalyzers(GeneratorHarness.Analyzers()).GetAnalyzerDiagnosticsAsync()).FirstOrDefault(found => found.Id == "AD0001") is { } crash)
        {
            return (crash.ToString(), false);
        }

        ILookup<bool, Diagnostic> errors = output.GetDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .ToLookup(found => found.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
        return errors[true].Any() && !errors[false].Any() ? (errors[true].First().ToString(), false) : (null, !errors[true].Any() && !errors[false].Any());
    }

    private static int Setting(string name, int absent) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : absent;

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
