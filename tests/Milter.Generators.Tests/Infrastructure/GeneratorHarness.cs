using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Milter.Generators.Diagnostics;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>Compiles sources as a user's project would, with the generator and the analyzers.</summary>
internal static class GeneratorHarness
{
    /// <summary>The language versions under which generated code has to compile: the oldest that is supported and the newest there is.</summary>
    public static readonly LanguageVersion[] Languages = [LanguageVersion.CSharp12, LanguageVersion.Latest, LanguageVersion.Preview];

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(MilterAttribute).Assembly.Location)
            .Append(typeof(Protocol.ProtocolSteps).Assembly.Location)
            .Append(typeof(IServiceCollection).Assembly.Location)
            .Distinct()
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What a program in a host references besides.</summary>
    private static readonly ImmutableArray<MetadataReference> s_extensions =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Gets what a user's project references.</summary>
    public static ImmutableArray<MetadataReference> References => s_references;

    /// <summary>Compiles with the newest language, or as the head of a source says: <c>// project: C# 10</c>, <c>// project: aliased</c> (Milter.Protocol is referenced under another name only).</summary>
    public static CSharpCompilation Compile(params string[] sources)
    {
        string head = string.Concat(sources.Select(source => source.Split('\n')[0]).Where(line => line.Contains("project: ", StringComparison.Ordinal)));
        CSharpCompilation compilation = Compile(head.Contains("C# 10", StringComparison.Ordinal) ? LanguageVersion.CSharp10 : LanguageVersion.Latest, sources);
        MetadataReference protocol = compilation.References.Single(reference => reference.Display?.EndsWith("Milter.Protocol.dll", StringComparison.Ordinal) == true);
        return head.Contains("aliased", StringComparison.Ordinal) ? compilation.ReplaceReference(protocol, protocol.WithAliases(["wire"])) : compilation;
    }

    /// <summary>Compiles a library, or a program where a source has top-level statements.</summary>
    public static CSharpCompilation Compile(LanguageVersion language, params string[] sources)
    {
        SyntaxTree[] trees = [.. sources.Select((text, i) => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(language), path: $"File{i}.cs"))];
        bool isProgram = trees.Any(tree => tree.GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any());
        return CSharpCompilation.Create(
            "UserCode",
            trees,
            s_references,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                warningLevel: 9999));
    }

    /// <summary>Compiles with what the generator makes of it.</summary>
    public static CSharpCompilation CompileGenerated(params string[] sources)
    {
        NewDriver().RunGeneratorsAndUpdateCompilation(Compile(sources), out Compilation output, out _);
        return (CSharpCompilation)output;
    }

    /// <summary>Compiles a program that runs in a host, with what the generator makes of it.</summary>
    public static CSharpCompilation CompileHosted(params string[] sources)
    {
        CSharpCompilation written = Compile(sources);
        HashSet<string> known = [.. written.References.Select(reference => Path.GetFileName(reference.Display)!)];
        NewDriver().RunGeneratorsAndUpdateCompilation(written.AddReferences(s_extensions.Where(reference => known.Add(Path.GetFileName(reference.Display)!))), out Compilation output, out _);
        return (CSharpCompilation)output;
    }

    public static GeneratorDriver NewDriver(LanguageVersion language = LanguageVersion.Latest) => CSharpGeneratorDriver.Create(
        [new MilterGenerator().AsSourceGenerator()],
        parseOptions: new CSharpParseOptions(language),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator under each language version, insists that all code compiles without a warning, and returns the one file it wrote.</summary>
    public static string Generate(params string[] sources)
    {
        GeneratorRunResult result = default;
        foreach (LanguageVersion language in Languages)
        {
            result = Run(language, sources).Result;
        }

        return Assert.Single(result.GeneratedSources).SourceText.ToString();
    }

    /// <summary>Runs the generator and insists that all code compiles without a warning, also where the pragma of generated files does not help.</summary>
    public static (CSharpCompilation Compilation, GeneratorRunResult Result) Run(LanguageVersion language, params string[] sources)
    {
        GeneratorDriver driver = NewDriver(language).RunGeneratorsAndUpdateCompilation(Compile(language, sources), out Compilation output, out _);
        GeneratorRunResult result = driver.GetRunResult().Results[0];
        Assert.Null(result.Exception);
        foreach (SyntaxTree tree in output.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).ToArray())
        {
            output = output.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(
                tree.ToString().Replace("#pragma warning disable\n", "", StringComparison.Ordinal).Replace("// <auto-generated/>", "//", StringComparison.Ordinal),
                new CSharpParseOptions(language),
                path: tree.FilePath.Replace(".g.cs", ".Emitted.cs", StringComparison.Ordinal)));
        }

        string[] complaints = [.. output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString())];
        Assert.Empty(complaints);
        return ((CSharpCompilation)output, result);
    }

    /// <summary>Lists what the analyzers say.</summary>
    public static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(params string[] sources) => AnalyzeAsync(CompileGenerated(sources));

    public static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(CSharpCompilation compilation) =>
        compilation.WithAnalyzers(Analyzers()).GetAnalyzerDiagnosticsAsync();

    /// <summary>Lists what the analyzers say where <c>.editorconfig</c> has a line.</summary>
    public static Task<ImmutableArray<Diagnostic>> AnalyzeConfiguredAsync(string key, string value, params string[] sources) =>
        CompileGenerated(sources).WithAnalyzers(Analyzers(), new AnalyzerOptions([], new EditorConfig(key, value))).GetAnalyzerDiagnosticsAsync();

    /// <summary>Makes all analyzers, without the suppressor.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers() =>
    [
        .. typeof(MilterAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract && !type.IsSubclassOf(typeof(DiagnosticSuppressor)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private sealed class EditorConfig(string key, string value) : AnalyzerConfigOptionsProvider
    {
        private readonly Line _line = new(key, value);

        public override AnalyzerConfigOptions GlobalOptions { get; } = new Line("", "");

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _line;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Line(string key, string value) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string asked, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? found)
            {
                found = asked == key ? value : null;
                return found is not null;
            }
        }
    }
}
