using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>What these pages show compiles, and neither compiler nor analyzers find anything in it. Each block is a program of its own.</summary>
public sealed partial class PagesCompileTests
{
    private static readonly string[] s_pages = ["handlers.md", "options.md", "tls.md"];

    public static TheoryData<string, string> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, string>();
            foreach (string page in s_pages)
            {
                foreach (Match block in Block().Matches(Page(page)))
                {
                    blocks.Add(page, block.Groups["code"].Value);
                }
            }

            return blocks;
        }
    }

    [Fact]
    public void Each_page_has_code() => Assert.All(s_pages, static page => Assert.NotEmpty(Block().Matches(Page(page))));

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Compiles(string page, string code)
    {
        var compilation = GeneratorHarness.CompileHosted(Usings.Global + "\nglobal using System.Linq;\nglobal using System.Net.Http;\n", code);

        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => $"{page}: {found}"));
        Assert.Empty((await GeneratorHarness.AnalyzeAsync(compilation)).Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => $"{page}: {found}"));
    }

    private static string Page(string name, [CallerFilePath] string file = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "docs", name));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
