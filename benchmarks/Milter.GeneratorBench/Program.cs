using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter;
using Milter.GeneratorBench;
using Milter.Generators;
using Milter.Protocol;

// How long generator and analyzers take for 200 handlers in 50 classes: all of it at first, and after one edit. Medians, in milliseconds.
const int Runs = 15;

MetadataReference[] references =
[
    .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Append(typeof(MilterAttribute).Assembly.Location)
        .Append(typeof(ProtocolSteps).Assembly.Location)
        .Distinct()
        .Select(path => MetadataReference.CreateFromFile(path)),
];
var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
SyntaxTree[] trees = [.. Sources.All().Select((text, i) => CSharpSyntaxTree.ParseText(text, path: $"File{i}.cs"))];
CSharpCompilation compilation = CSharpCompilation.Create("User", trees, references, options);
CSharpCompilation body = Edited("Verdict.Continue", "Verdict.Accept");
CSharpCompilation handler = Edited("void To", "void Into");
CSharpCompilation without = CSharpCompilation.Create("User", [.. trees.Select(tree => CSharpSyntaxTree.ParseText(tree.ToString().Replace("[Milter]", "", StringComparison.Ordinal)))], references, options);
Check();

Console.WriteLine($"{"",-44}{"median ms",10}{"first ms",10}");
Measure("generate, cold", fresh: true, driver => driver.RunGenerators(compilation));
Measure("generate after an edit in a handler's body", fresh: false, driver => driver.RunGenerators(body));
Measure("generate after a handler's name changed", fresh: false, driver => driver.RunGenerators(handler));
Measure("generate, cold, no [Milter] in the project", fresh: true, driver => driver.RunGenerators(without));
await AnalyzeAsync();

CSharpCompilation Edited(string from, string to)
{
    SyntaxTree old = trees[10];
    return compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(old.ToString().Replace(from, to, StringComparison.Ordinal), path: old.FilePath));
}

GeneratorDriver New() => CSharpGeneratorDriver.Create(new MilterGenerator());

void Check()
{
    New().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
    int errors = output.GetDiagnostics().Count(d => d.Severity >= DiagnosticSeverity.Warning);
    Console.WriteLine($"{trees.Length} classes, {trees.Length * Sources.HandlersPerClass} handlers, {output.SyntaxTrees.Count() - trees.Length} generated files, {errors} warnings or errors");
}

void Measure(string what, bool fresh, Func<GeneratorDriver, GeneratorDriver> run)
{
    List<double> times = [];
    for (int i = 0; i < Runs; i++)
    {
        GeneratorDriver driver = fresh ? New() : New().RunGenerators(compilation);
        long start = Stopwatch.GetTimestamp();
        run(driver);
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    Print(what, times);
}

async Task AnalyzeAsync()
{
    DiagnosticAnalyzer[] analyzers =
    [
        .. typeof(MilterGenerator).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract && !type.IsSubclassOf(typeof(DiagnosticSuppressor)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];
    List<double> times = [];
    for (int i = 0; i < Runs; i++)
    {
        New().RunGeneratorsAndUpdateCompilation(compilation.Clone(), out Compilation output, out _);
        output.GetDiagnostics();
        long start = Stopwatch.GetTimestamp();
        await output.WithAnalyzers([.. analyzers]).GetAnalyzerDiagnosticsAsync();
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    Print($"all {analyzers.Length} analyzers, whole project", times);
}

static void Print(string what, List<double> times)
{
    double first = times[0];
    times.Sort();
    Console.WriteLine($"{what,-44}{times[times.Count / 2],10:0.00}{first,10:0.00}");
}
