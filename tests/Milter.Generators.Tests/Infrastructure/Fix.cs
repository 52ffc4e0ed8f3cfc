using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>Applies the code fixes as an editor does.</summary>
internal static class Fix
{
    private static readonly CodeFixProvider[] s_all =
    [
        .. typeof(CodeFixes.MakePartialFix).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    public static IReadOnlyList<CodeFixProvider> All => s_all;

    /// <summary>Fixes the first diagnostic that has a fix, and returns the new text; all code then compiles, the generated too.</summary>
    /// <param name="source">The code.</param>
    /// <param name="id">The rule, or the compiler's complaint.</param>
    /// <returns>The code after the fix, or <see langword="null"/> where none is offered.</returns>
    public static async Task<string?> ApplyAsync(string source, string id)
    {
        using var workspace = new AdhocWorkspace();
        CSharpCompilation model = GeneratorHarness.Compile("");
        ProjectId project = ProjectId.CreateNewId();
        DocumentId document = DocumentId.CreateNewId(project);
        Solution solution = workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(project, VersionStamp.Default, "User", "User", LanguageNames.CSharp, compilationOptions: model.Options, parseOptions: new CSharpParseOptions(LanguageVersion.CSharp12), metadataReferences: model.References))
            .AddDocument(DocumentId.CreateNewId(project), "Usings.cs", SourceText.From(Usings.Global))
            .AddDocument(document, "File.cs", SourceText.From(source));

        foreach (Diagnostic diagnostic in (await DiagnosticsAsync(solution.GetProject(project)!)).Where(d => d.Id == id).OrderBy(d => d.Location.SourceSpan.Start))
        {
            if (await ActionAsync(solution.GetDocument(document)!, diagnostic) is { } action)
            {
                Solution changed = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single().ChangedSolution;
                string text = (await changed.GetDocument(document)!.GetTextAsync()).ToString().ReplaceLineEndings("\n");
                Assert.Empty(GeneratorHarness.CompileGenerated(Usings.Global, text).GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
                return text;
            }
        }

        return null;
    }

    private static async Task<CodeAction?> ActionAsync(Document document, Diagnostic diagnostic)
    {
        CodeAction? found = null;
        foreach (CodeFixProvider provider in s_all.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => found ??= action, CancellationToken.None));
        }

        return found;
    }

    private static async Task<IEnumerable<Diagnostic>> DiagnosticsAsync(Project project)
    {
        Compilation compilation = (await project.GetCompilationAsync())!;
        GeneratorHarness.NewDriver(LanguageVersion.CSharp12).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        ImmutableArray<Diagnostic> found = await output.WithAnalyzers(GeneratorHarness.Analyzers()).GetAnalyzerDiagnosticsAsync();
        return found.Concat(output.GetDiagnostics());
    }
}
