using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>Checks what the analyzers report, and where.</summary>
/// <remarks>
/// <c>[|text|]</c> expects the rule that the test's file is named after at exactly this text, <c>{|MILTER001:text|}</c> another one.
/// What is not marked is expected to be fine, for the compiler too.
/// </remarks>
internal static class Rule
{
    /// <summary>Checks a source, and returns the messages in the order of the text.</summary>
    public static Task<IReadOnlyList<string>> CheckAsync(string source, string? second = null, bool compilerErrors = false, [CallerFilePath] string file = "") =>
        CheckAsync(Path.GetFileNameWithoutExtension(file), second is null ? [source] : [source, second], compilerErrors);

    private static async Task<IReadOnlyList<string>> CheckAsync(string id, string[] marked, bool compilerErrors)
    {
        List<string> expected = [];
        string[] sources = [Usings.Global, .. marked.Select((text, i) => Unmark(id, text, $"File{i + 1}.cs", expected))];

        if (!compilerErrors)
        {
            Assert.Empty(GeneratorHarness.CompileGenerated(sources).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
        }

        GeneratorRunResult generated = GeneratorHarness.NewDriver().RunGenerators(GeneratorHarness.Compile(sources)).GetRunResult().Results[0];
        Assert.Null(generated.Exception);

        ImmutableArray<Diagnostic> found = await GeneratorHarness.AnalyzeAsync(sources);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(Shown).Order(StringComparer.Ordinal));
        return [.. found.OrderBy(d => d.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(d => d.Location.SourceSpan.Start).Select(d => d.GetMessage(formatProvider: null))];
    }

    private static string Shown(Diagnostic diagnostic)
    {
        Location place = diagnostic.Location;
        string text = place.SourceTree is { } tree ? tree.GetText().ToString(place.SourceSpan) : "";
        return $"{place.SourceTree?.FilePath}@{place.SourceSpan.Start:0000} {diagnostic.Id} {text}";
    }

    private static string Unmark(string id, string marked, string file, List<string> expected)
    {
        var text = new StringBuilder();
        var open = new Stack<(string Id, int Start)>();
        for (int i = 0; i < marked.Length; i++)
        {
            string rest = marked[i..];
            if (rest.StartsWith("[|", StringComparison.Ordinal))
            {
                open.Push((id, text.Length));
                i++;
            }
            else if (rest.StartsWith("{|", StringComparison.Ordinal))
            {
                int colon = rest.IndexOf(':', StringComparison.Ordinal);
                open.Push((rest[2..colon], text.Length));
                i += colon;
            }
            else if (rest.StartsWith("|]", StringComparison.Ordinal) || rest.StartsWith("|}", StringComparison.Ordinal))
            {
                (string rule, int start) = open.Pop();
                expected.Add($"{file}@{start:0000} {rule} {text.ToString(start, text.Length - start)}");
                i++;
            }
            else
            {
                text.Append(marked[i]);
            }
        }

        return text.ToString();
    }
}
