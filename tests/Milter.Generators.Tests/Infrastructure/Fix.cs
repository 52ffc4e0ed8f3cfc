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
        Document document = Open(workspace, source);
        foreach (Diagnostic diagnostic in await DiagnosticsAsync(document.Project, id))
        {
            if (await ActionAsync(document, diagnostic) is { } action)
            {
                return await ChangedAsync(action, document);
            }
        }

        return null;
    }

    /// <summary>Fixes all diagnostics of a rule, as "fix all in document" does, and returns the new text; all code then compiles, the generated too.</summary>
    public static async Task<string> ApplyAllAsync(string source, string id)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source);
        CodeFixProvider provider = s_all.Single(provider => provider.FixableDiagnosticIds.Contains(id));
        var context = new FixAllContext(document, provider, FixAllScope.Document, provider.GetType().Name, [id], new Found(), CancellationToken.None);
        return await ChangedAsync((await provider.GetFixAllProvider()!.GetFixAsync(context))!, document);
    }

    private static Document Open(AdhocWorkspace workspace, string source)
    {
        CSharpCompilation model = GeneratorHarness.Compile("");
        ProjectId project = ProjectId.CreateNewId();
        DocumentId document = DocumentId.CreateNewId(project);
        return workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(project, VersionStamp.Default, "User", "User", LanguageNames.CSharp, compilationOptions: model.Options, parseOptions: new CSharpParseOptions(LanguageVersion.CSharp12), metadataReferences: model.References))
            .AddDocument(DocumentId.CreateNewId(project), "Usings.cs", SourceText.From(Usings.Global))
            .AddDocument(document, "File.cs", SourceText.From(source))
            .GetDocument(document)!;
    }

    private static async Task<string> ChangedAsync(CodeAction action, Document document)
    {
        Solution changed = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single().ChangedSolution;
        string text = (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString().ReplaceLineEndings("\n");
        Assert.Empty(GeneratorHarness.CompileGenerated(Usings.Global, text).GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
        return text;
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

    private static async Task<IEnumerable<Diagnostic>> DiagnosticsAsync(Project project, string id)
    {
        Compilation compilation = (await project.GetCompilationAsync())!;
        GeneratorHarness.NewDriver(LanguageVersion.CSharp12).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        ImmutableArray<Diagnostic> found = await output.WithAnalyzers(GeneratorHarness.Analyzers()).GetAnalyzerDiagnosticsAsync();
        return found.Concat(output.GetDiagnostics()).Where(d => d.Id == id).OrderBy(d => d.Location.SourceSpan.Start);
    }

    /// <summary>Gives what the analyzers found to who fixes all of it.</summary>
    private sealed class Found : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => GetProjectDiagnosticsAsync(project, cancellationToken);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            SyntaxTree? tree = await document.GetSyntaxTreeAsync(cancellationToken);
            IEnumerable<Diagnostic> all = (await Task.WhenAll(Fixable.Select(id => DiagnosticsAsync(document.Project, id)))).SelectMany(each => each);
            return all.Where(d => d.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);

        private static IEnumerable<string> Fixable => ["MILTER088", "MILTER110", "MILTER131"];
    }
}
