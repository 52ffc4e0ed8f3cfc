using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

public sealed class CachingTests
{
    private const string Filter = """
        using System.Collections.Generic;
        using Milter;

        namespace Demo;

        public class Shared
        {
            [OnHelo] protected void Greet(string name) { }
        }

        [Milter]
        public sealed partial class Cached(List<string> words) : Shared
        {
            [PerMessage] private readonly List<string> _seen = [];

            [OnHeader("To", "Cc")] void Look(string name, string value) => _seen.Add(value);

            [OnEom] Verdict End([Macro("i")] string? id, [Header("Subject")] string? subject, HeaderEditor headers) =>
                words.Count == 0 ? Verdict.Continue : Verdict.Accept;
        }
        """;

    private const string Binder = """
        using System.Threading.Tasks;
        using Milter;

        [assembly: MessageBinder<Demo.Digest, Demo.DigestBinder>]

        namespace Demo;

        public sealed class Digest;

        [Needs(Body = true, Macros = new[] { "i" })]
        public sealed class DigestBinder : IMessageBinder<DigestBinder, Digest>
        {
            public static ValueTask<Digest> BindAsync(MessageBindingContext context) => new(new Digest());
        }

        [Milter]
        partial class Bound { [OnEom] void End(Digest digest) { } }
        """;

    public static TheoryData<string, bool> Edits => new()
    {
        { Filter, false },
        { Filter.Replace("Verdict.Continue", "Verdict.Discard", StringComparison.Ordinal), false },
        { "// one line further down\n" + Filter, false },
        { Filter + "\npublic class Other { public int X; }", false },
        { Filter.Replace("public sealed", "sealed", StringComparison.Ordinal), false },
        { Filter.Replace("Look", "Inspect", StringComparison.Ordinal), true },
        { Filter.Replace("\"Cc\"", "\"Bcc\"", StringComparison.Ordinal), true },
        { Filter.Replace("string? subject", "string subject", StringComparison.Ordinal), true },
        { Filter.Replace("protected void Greet", "protected Verdict Greet", StringComparison.Ordinal), true },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Only_a_changed_model_is_emitted_again(string edit, bool emitsAgain)
    {
        GeneratorDriver driver = GeneratorHarness.NewDriver().RunGenerators(GeneratorHarness.Compile(Filter));

        GeneratorRunResult run = driver.RunGenerators(GeneratorHarness.Compile(edit)).GetRunResult().Results[0];

        IncrementalStepRunReason expected = emitsAgain ? IncrementalStepRunReason.Modified : IncrementalStepRunReason.Cached;
        Assert.Equal([expected], Reasons(run.TrackedSteps[TrackingNames.Milters]));
        Assert.Equal([expected], Reasons(run.TrackedOutputSteps.SelectMany(step => step.Value)));
    }

    [Fact]
    public void An_edit_in_another_file_is_not_even_parsed_anew_into_another_model()
    {
        const string Other = "class Other { void M() { } }";
        GeneratorDriver driver = GeneratorHarness.NewDriver().RunGenerators(GeneratorHarness.Compile(Filter, Other));

        GeneratorRunResult run = driver.RunGenerators(GeneratorHarness.Compile(Filter, Other.Replace("M", "N", StringComparison.Ordinal))).GetRunResult().Results[0];

        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(run.TrackedSteps[TrackingNames.Milters]));
    }

    [Fact]
    public void No_pipeline_value_holds_on_to_the_compilation()
    {
        GeneratorRunResult run = GeneratorHarness.NewDriver().RunGenerators(GeneratorHarness.Compile(Filter, Binder)).GetRunResult().Results[0];
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        string[] steps = [TrackingNames.Parsed, TrackingNames.ReferencedBinders, TrackingNames.Binders, TrackingNames.Milters];
        foreach ((object value, _) in steps.SelectMany(step => run.TrackedSteps[step]).SelectMany(step => step.Outputs))
        {
            Visit(value);
        }

        Assert.True(seen.Count > 10, "the walk has to see the model's parts");

        void Visit(object? node)
        {
            if (node is null or string || node.GetType().IsPrimitive || node.GetType().IsEnum || !seen.Add(node))
            {
                return;
            }

            Assert.False(
                node is Compilation or ISymbol or SyntaxNode or SyntaxTree or SemanticModel or Location or AttributeData,
                $"{node.GetType()} must not be in the model");
            if (node is IEnumerable items)
            {
                foreach (object? item in items)
                {
                    Visit(item);
                }
            }

            foreach (FieldInfo field in node.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                Visit(field.GetValue(node));
            }
        }
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        steps.SelectMany(step => step.Outputs).Select(output => output.Reason);
}
