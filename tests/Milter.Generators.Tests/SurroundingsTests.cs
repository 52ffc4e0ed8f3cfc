using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>What users' projects do to generated code.</summary>
public sealed class SurroundingsTests
{
    [Fact]
    public void Obsolete_and_experimental_things_cost_no_warning_in_generated_code()
    {
        CSharpCompilation user = GeneratorHarness.Compile(Usings.Global, """
            [Obsolete] public class Old;
            [System.Diagnostics.CodeAnalysis.Experimental("LAB001")] public class Lab;

            [Milter]
            partial class Filter
            {
                [OnMail, Obsolete] void Mail([FromServices] Old old) { }
            #pragma warning disable LAB001
                [OnData] void Data([FromServices] Lab lab) { }
            }
            """);

        GeneratorHarness.NewDriver().RunGeneratorsAndUpdateCompilation(user, out Compilation output, out _);

        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
    }

    [Fact]
    public void What_is_obsolete_as_an_error_costs_none_in_generated_code()
    {
        CSharpCompilation user = GeneratorHarness.Compile(Usings.Global, """
            [Milter]
            partial class Filter
            {
                [PerMessage, Obsolete("Old.", true)] IDisposable? _state;
                [Obsolete("Use From.", true)] public Filter() { }
                [OnMail, Obsolete("Old.", error: true)] void Mail() => _state = null;
                [OnEom] void End() { }
                [OnAbort, Obsolete] void Aborted() { }
            }
            """);

        GeneratorHarness.NewDriver().RunGeneratorsAndUpdateCompilation(user, out Compilation output, out _);

        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
    }

    [Fact]
    public void Handlers_and_state_are_inherited_from_another_assembly()
    {
        using var image = new MemoryStream();
        Assert.True(GeneratorHarness.Compile(Usings.Global, """
            public abstract class Shared
            {
                [PerMessage] protected int Count;
                [OnMail(Order = 3)] protected Verdict Mail([Macro("i")] string? id) => default;
            }
            """).Emit(image).Success);
        CSharpCompilation user = GeneratorHarness.Compile(Usings.Global, "[Milter] partial class Filter : Shared { }")
            .AddReferences(MetadataReference.CreateFromImage(image.ToArray()));

        string emitted = GeneratorHarness.NewDriver().RunGenerators(user).GetRunResult().GeneratedTrees.Single().ToString();

        Assert.Contains("return new(this.Mail(step.MacroText(0)));", emitted, StringComparison.Ordinal);
        Assert.Contains("this.Count = default;", emitted, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_without_the_runtime_is_left_alone()
    {
        CSharpCompilation other = CSharpCompilation.Create("Other", [CSharpSyntaxTree.ParseText("[Milter] partial class Filter { [OnMail] void Mail() { } }")]);

        GeneratorRunResult run = GeneratorHarness.NewDriver().RunGenerators(other).GetRunResult().Results[0];

        Assert.Null(run.Exception);
        Assert.Empty(run.GeneratedSources);
    }

    [Fact]
    public void Files_are_named_after_their_classes()
    {
        GeneratorRunResult run = GeneratorHarness.Run(LanguageVersion.Latest, Usings.Global, """
            namespace Demo
            {
                [Milter] partial class Filter { [Milter] public partial class Inner { } }
                [Milter] partial class FILTER { }
            }
            [Milter] partial class Filter { }
            """).Result;

        Assert.Equal(
            ["Demo.FILTER.g.cs", "Demo.Filter+Inner.g.cs", "Demo.Filter-1.g.cs", "Filter.g.cs"],
            run.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal));
    }
}
