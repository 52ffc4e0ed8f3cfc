using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter;
using Milter.GeneratorBench;
using Milter.Generators;
using Milter.Protocol;

// How long generator and analyzers take for 200 handlers in 50 classes: all of it at first, and after one edit. Medians, in milliseconds;
// CPU is that of the whole process, which a busy machine does not change. With the word "crowd" only what a crowded namespace costs.
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

Console.WriteLine($"{"",-68}{"wall ms",10}{"CPU ms",10}{"first run",10}");
if (args is ["crowd"])
{
    Crowd();
    return;
}

Measure("generate, cold", fresh: true, () => compilation.Clone());
Measure("generate after an edit in a handler's body", fresh: false, () => Edited("Verdict.Continue", "Verdict.Accept"));
Measure("generate after a handler's name changed", fresh: false, () => Edited("void To", "void Into"));
Measure("generate, cold, no [Milter] in the project", fresh: true, () => without.Clone());
Crowd();
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
    List<Took> times = [];
    for (int i = 0; i < Runs; i++)
    {
        GeneratorDriver driver = fresh ? New() : New().RunGenerators(compilation);
        CSharpCompilation input = next();
        Took before = Took.Now;
        driver.RunGenerators(input);
        times.Add(Took.Now - before);
    }

    Print(what, times);
}

// One filter beside 5,000 classes, in its own namespace or in another one: an edit must not cost more for where they are. By turns, so that both see the same machine.
// Who binds anything in a file has the compiler list the namespace that it stands in, once for each compilation: an editor has that done before a generator runs.
void Crowd()
{
    CSharpCompilation[] places = [.. new[] { "Elsewhere", "Filters.N10" }.Select(Create)];
    foreach (bool isListed in new[] { true, false })
    {
        List<Took>[] times = [[], []];
        for (int i = 0; i < Runs * places.Length; i++)
        {
            CSharpCompilation crowded = places[i % places.Length];
            SyntaxTree old = crowded.SyntaxTrees[0];
            GeneratorDriver driver = New().RunGenerators(crowded);
            CSharpCompilation input = crowded.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(old.ToString().Replace("Verdict.Continue", "Verdict.Accept", StringComparison.Ordinal), path: old.FilePath));
            _ = isListed ? input.GetTypeByMetadataName("Filters.N10.Filter10")!.GetMembers() : default;
            Took before = Took.Now;
            driver.RunGenerators(input);
            times[i % places.Length].Add(Took.Now - before);
        }

        string how = isListed ? "listed by the compiler" : "not listed yet";
        Print($"an edit, 5,000 classes in another namespace, {how}", times[0]);
        Print($"an edit, 5,000 classes in its own namespace, {how}", times[1]);
        Console.WriteLine($"{"  times as much",-68}{Ratio(took => took.Wall),10:0.00}{Ratio(took => took.Cpu),10:0.00}");

        double Ratio(Func<Took, double> of) => Median(times[1].Select(of)) / Median(times[0].Select(of));
    }

    CSharpCompilation Create(string space) => CSharpCompilation.Create("User", [trees[10], CSharpSyntaxTree.ParseText(Sources.Crowd(space, 5_000), path: "Crowd.cs")], references, options);
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
    List<Took> times = [];
    for (int i = 0; i < Runs; i++)
    {
        New().RunGeneratorsAndUpdateCompilation(compilation.Clone(), out Compilation output, out _);
        output.GetDiagnostics();
        CompilationWithAnalyzers analyzed = output.WithAnalyzers([.. analyzers]);
        Took before = Took.Now;
        await analyzed.GetAnalyzerDiagnosticsAsync();
        times.Add(Took.Now - before);
        foreach (DiagnosticAnalyzer analyzer in analyzers)
        {
            own[analyzer.GetType().Name].Add((await analyzed.GetAnalyzerTelemetryInfoAsync(analyzer, CancellationToken.None)).ExecutionTime.TotalMilliseconds);
        }
    }

    Print($"all {analyzers.Length} analyzers, whole project, bodies bound anew", times);
    foreach ((string name, List<double> spent) in own.OrderByDescending(pair => Median(pair.Value)))
    {
        Console.WriteLine($"{"  of it " + name,-68}{Median(spent),10:0.00}");
    }
}

static void Print(string what, List<Took> times) =>
    Console.WriteLine($"{what,-68}{Median(times.Select(took => took.Wall)),10:0.00}{Median(times.Select(took => took.Cpu)),10:0.00}{times[0].Wall,10:0.00}");

static double Median(IEnumerable<double> values) => values.Order().ElementAt(Runs / 2);

/// <summary>Time by the clock and time of the process's threads, in milliseconds.</summary>
internal readonly record struct Took(double Wall, double Cpu)
{
    public static Took Now => new(Stopwatch.GetElapsedTime(0).TotalMilliseconds, Environment.CpuUsage.TotalTime.TotalMilliseconds);

    public static Took operator -(Took later, Took earlier) => new(later.Wall - earlier.Wall, later.Cpu - earlier.Cpu);
}
