using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>What the page about handlers shows compiles, and no analyzer finds anything in it. Each block is a program of its own.</summary>
public sealed partial class HandlersPageTests
{
    public static TheoryData<string> Blocks => [.. Block().Matches(Page()).Select(match => match.Groups["code"].Value)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Compiles(string code)
    {
        var compilation = GeneratorHarness.CompileGenerated(Usings.Global + "\nglobal using System.Linq;\nglobal using System.Net.Http;\n", code);

        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString()));
        Assert.Empty((await GeneratorHarness.AnalyzeAsync(compilation)).Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString()));
    }

    private static string Page([CallerFilePath] string file = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "docs", "handlers.md"));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
