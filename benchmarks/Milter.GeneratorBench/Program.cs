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
CSharpCompilation without = CSharpCompilation.Create("User", [.. trees.Select(tree => CSharpSyntaxTree.ParseText(tree.ToString().Replace("[Milter]", "", StringComparison.Ordinal)))], references, options);
Check();

Console.WriteLine($"{"",-56}{"median ms",10}{"first ms",10}");
Measure("generate, cold", fresh: true, () => compilation.Clone());
Measure("generate after an edit in a handler's body", fresh: false, () => Edited("Verdict.Continue", "Verdict.Accept"));
Measure("generate after a handler's name changed", fresh: false, () => Edited("void To", "void Into"));
Measure("generate, cold, no [Milter] in the project", fresh: true, () => without.Clone());
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

// A compilation is new each time, as it is after a keystroke: nothing of it is bound yet.
void Measure(string what, bool fresh, Func<CSharpCompilation> next)
{
    List<double> times = [];
    for (int i = 0; i < Runs; i++)
    {
        GeneratorDriver driver = fresh ? New() : New().RunGenerators(compilation);
        CSharpCompilation input = next();
        long start = Stopwatch.GetTimestamp();
        driver.RunGenerators(input);
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
    Dictionary<string, List<double>> own = analyzers.ToDictionary(analyzer => analyzer.GetType().Name, _ => new List<double>());
    List<double> times = [];
    for (int i = 0; i < Runs; i++)
    {
        New().RunGeneratorsAndUpdateCompilation(compilation.Clone(), out Compilation output, out _);
        output.GetDiagnostics();
        CompilationWithAnalyzers analyzed = output.WithAnalyzers([.. analyzers]);
        long start = Stopwatch.GetTimestamp();
        await analyzed.GetAnalyzerDiagnosticsAsync();
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        foreach (DiagnosticAnalyzer analyzer in analyzers)
        {
            own[analyzer.GetType().Name].Add((await analyzed.GetAnalyzerTelemetryInfoAsync(analyzer, CancellationToken.None)).ExecutionTime.TotalMilliseconds);
        }
    }

    Print($"all {analyzers.Length} analyzers, whole project, bodies bound anew", times);
    foreach ((string name, List<double> spent) in own.OrderByDescending(pair => pair.Value.Order().ElementAt(Runs / 2)))
    {
        Print("  of it " + name, spent);
    }
}

static void Print(string what, List<double> times)
{
    double first = times[0];
    times.Sort();
    Console.WriteLine($"{what,-56}{times[times.Count / 2],10:0.00}{first,10:0.00}");
}
