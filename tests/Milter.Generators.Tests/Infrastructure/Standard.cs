using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>Roslyn's own test harness, with the references that the tests themselves run on: nothing is restored when they run.</summary>
internal static class Standard<TAnalyzer, TFix>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    /// <summary>Checks what is reported (<c>[|…|]</c>), what one fix after the other makes of it, and that "fix all" makes the same, in a document, a project and a solution.</summary>
    /// <param name="source">The code, with marks.</param>
    /// <param name="changed">The code that all fixes leave; the same text where none is offered.</param>
    public static Task FixAsync(string source, string changed)
    {
        var test = new Test { TestCode = source, FixedCode = changed };
        test.TestState.Sources.Add(Usings.Global);
        test.FixedState.Sources.Add(Usings.Global);
        return test.RunAsync();
    }

    private sealed class Test : CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
    {
        public Test()
        {
            ReferenceAssemblies = new ReferenceAssemblies("net");
            TestState.AdditionalReferences.AddRange(GeneratorHarness.References);
        }

        protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose);

        protected override CompilationOptions CreateCompilationOptions() => GeneratorHarness.Compile("").Options;
    }
}
