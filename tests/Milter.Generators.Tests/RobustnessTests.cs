using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>The generator runs while people type: no code, however broken, may bring it down.</summary>
public sealed class RobustnessTests
{
    public static TheoryData<string> Sources => new()
    {
        """
        namespace A.B;
        public abstract class Base<T> { [OnMail(Order = 1)] protected virtual Verdict Mail(EnvelopeAddress? a, [Macro("{i}")] string? b = null) => default; }
        public partial class Outer { [Milter(PreserveHeaderSpace = true)] public sealed partial class @event(IServiceProvider s, int n = 3) : Base<int> {
            [PerMessage] readonly List<string> _seen = [], _more = new();
            [PerMessage] public int? Size { get; private set; } = null!;
            [OnHeader("To", "Cc", Order = 2)] void Look(string name, ReadOnlySpan<byte> value) { }
        } }
        """,
        """
        [Milter] public partial record R(Uri U) {
            [OnEom, OnEoh] async ValueTask<Verdict> End([Header("Subject", Decoded = true)] string? s, [Needs(MilterActions.AddHeaders | MilterActions.ChangeHeaders)] HeaderEditor? e,
                [FromServices] Dictionary<string, List<int?>>? d, CancellationToken ct = default) { await Task.Yield(); return Verdict.Accept; }
            [OnBody] static Verdict Chunk(ReadOnlySequence<byte> c) => Verdict.Skip;
            [OnClose] void IDisposable.Dispose() { }
        }
        """,
    };

    /// <summary>Programs of the corpus that together touch every analyzer.</summary>
    public static TheoryData<string> Programs => ["Wrong/Several_mistakes_at_once", "Wrong/State_piling_up", "Wrong/Verdict_accept_for_unknown_commands", "Right/Binder_of_its_own", "Right/Edits_of_all_kinds", "Right/Asynchronous_throughout"];

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Survives_every_prefix(string source) => await SurvivesPrefixesAsync(source, generatorStep: 1, analyzerStep: 9);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Survives_prefixes_of_real_programs(string program)
    {
        string source = await File.ReadAllTextAsync(Path.Combine(Folder(), "Corpus", program + ".cs"));
        const int Runs = 40;
        await SurvivesPrefixesAsync(source, Math.Max(1, source.Length / (4 * Runs)), Math.Max(1, source.Length / Runs));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Survives_the_loss_of_every_token(string source)
    {
        CSharpCompilation empty = GeneratorHarness.Compile(Usings.Global);
        GeneratorDriver driver = GeneratorHarness.NewDriver();
        int n = 0;
        foreach (SyntaxToken token in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens())
        {
            CSharpCompilation cut = empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source.Remove(token.SpanStart, token.Span.Length), path: "Cut.cs"));
            driver = driver.RunGenerators(cut);
            Assert.Null(driver.GetRunResult().Results[0].Exception);
            if (n++ % 3 == 0)
            {
                await SurvivesAsync(cut);
            }
        }
    }

    [Theory]
    [InlineData("[Milter] partial class A { } [Milter] partial class A { }")]
    [InlineData("[Milter] partial class A { } [Milter] partial record A { } [Milter] partial class a { }")]
    [InlineData("namespace N { [Milter] partial class A { } } namespace n { [Milter] partial class A { } }")]
    [InlineData("[Milter] partial class A { [Milter] partial class B { } } namespace A { [Milter] partial class B { } }")]
    [InlineData("[Milter] partial class A : A { [OnMail] void M() { } }")]
    [InlineData("[Milter] partial class A : B { } class B : A { [OnMail] protected void M() { } }")]
    [InlineData("[Milter] partial struct A { } [Milter] partial interface I { } [Milter] enum E { } [Milter] delegate void D();")]
    [InlineData("[Milter] partial class A { [OnHeader(null)] void M(string s) { } [OnHeader(null, 5)] void N(__arglist) { } }")]
    [InlineData("[Milter] partial class A { [OnEom] void M([Header] string s, [Macro(5)] string t, [Needs] HeaderEditor h, [Needs((MilterActions)0xffffffff)] BodyEditor b) { } }")]
    [InlineData("[Milter] partial class { [OnMail] void () { } }")]
    [InlineData("[Milter] partial class A { [PerMessage] event Action? E; [field: PerMessage] event Action? F; [PerMessage] int* p; [PerMessage] fixed int q[3]; [PerMessage] Nope n; }")]
    [InlineData("[Milter] partial class A { int[] _a = new int[1], _b; Verdict _v; [OnMail] Verdict M() { _a.Clear(); _b = _a; (_a, _b) = (_b, _a); _a?.Add(1); var v = Verdict.Accept; v = v == _v ? v : v; v = true ? v : Verdict.Skip; return v; } [OnEom] Verdict E() { return; } }")]
    [InlineData("[Milter] partial class Ünï { [OnMail] void Grüße(string ß) { } }")]
    [InlineData("[Milter] class A { [OnMail] ~A() { } [OnMail] public A() { } void M() { [OnMail] void L() { } } event Action E { [OnMail] add { } [OnMail] remove { } } }")]
    public async Task Survives(string source)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(Usings.Global, source);

        Assert.Null(GeneratorHarness.NewDriver().RunGenerators(compilation).GetRunResult().Results[0].Exception);
        await SurvivesAsync(compilation);
    }

    private static async Task SurvivesPrefixesAsync(string source, int generatorStep, int analyzerStep)
    {
        CSharpCompilation empty = GeneratorHarness.Compile(Usings.Global);
        GeneratorDriver driver = GeneratorHarness.NewDriver();
        int next = 0;
        for (int length = 0; length <= source.Length; length += generatorStep)
        {
            CSharpCompilation cut = empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source[..length], path: "Cut.cs"));
            driver = driver.RunGenerators(cut);
            Assert.Null(driver.GetRunResult().Results[0].Exception);
            if (length >= next)
            {
                next += analyzerStep;
                await SurvivesAsync(cut);
            }
        }
    }

    private static async Task SurvivesAsync(CSharpCompilation compilation) =>
        Assert.DoesNotContain(await compilation.WithAnalyzers(GeneratorHarness.Analyzers()).GetAnalyzerDiagnosticsAsync(), IsCrash);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static bool IsCrash(Diagnostic diagnostic) => diagnostic.Id == "AD0001";
}
