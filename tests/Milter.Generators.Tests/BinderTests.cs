using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Infrastructure;
using Milter.Generators.Tests.Infrastructure;
using Milter.Protocol;
using static Milter.Protocol.ProtocolSteps;

namespace Milter.Generators.Tests;

/// <summary>Parameters of types that a package brings along, with a binder.</summary>
public sealed class BinderTests
{
    private const string Package = """
        [assembly: MessageBinder<Pack.Digest, Pack.DigestBinder>]
        [assembly: MessageBinder<Pack.Subject, Pack.SubjectBinder>]
        [assembly: MessageBinder<Pack.Mime, Pack.MimeBinder>]
        [assembly: MessageBinder<Pack.Hidden, Pack.HiddenBinder>]
        [assembly: MessageBinder<Pack.Login, Pack.LoginBinder>]

        namespace Pack;

        public sealed record Digest(long Length);
        public readonly record struct Subject(string? Text);
        public sealed class Mime;
        public sealed class Hidden;
        public readonly record struct Login(string Name);

        [Needs(Body = true, Macros = ["i"])]
        public sealed class DigestBinder : IMessageBinder<DigestBinder, Digest>
        {
            static ValueTask<Digest> IMessageBinder<DigestBinder, Digest>.BindAsync(MessageBindingContext context) => new(new Digest(context.Body.Length));
        }

        [Needs(Headers = true, Envelope = true)]
        public readonly struct SubjectBinder : IMessageBinder<SubjectBinder, Subject>
        {
            public static async ValueTask<Subject> BindAsync(MessageBindingContext context) { await Task.Yield(); return new(context.Headers["Subject"]); }
        }

        [Needs(MilterActions.ChangeHeaders | MilterActions.ChangeBody)]
        public sealed class MimeBinder : IMessageBinder<MimeBinder, Mime>
        {
            public static ValueTask<Mime> BindAsync(MessageBindingContext context) => new(new Mime());
        }

        [Needs(Client = true, Helo = true, Envelope = true, HeaderSpace = true)]
        public sealed class LoginBinder : IMessageBinder<LoginBinder, Login>
        {
            public static ValueTask<Login> BindAsync(MessageBindingContext context) => new(new Login(context.Helo ?? ""));
        }

        internal sealed class HiddenBinder : IMessageBinder<HiddenBinder, Hidden>
        {
            public static ValueTask<Hidden> BindAsync(MessageBindingContext context) => new(new Hidden());
        }
        """;

    private const string Filter = """
        [Milter]
        partial class Filter
        {
            [OnEoh] Verdict Headers(Pack.Subject subject, [Helo] ReadOnlySpan<byte> helo) => default;
            [OnEom(Order = 1)] void First(Pack.Digest digest, [Header("To")] ReadOnlySpan<byte> to) { }
            [OnEom(Order = 2)] async Task<Verdict> Second(Pack.Digest digest, Pack.Mime? mime) { await Task.Yield(); return default; }
        }
        """;

    private static readonly PortableExecutableReference s_package = Image(Package);

    [Fact]
    public void A_binder_of_the_own_assembly_is_found() => Snapshot.Verify(GeneratorHarness.Generate(Usings.Global, Package, Filter));

    [Fact]
    public void A_binder_of_another_assembly_is_found_all_the_same()
    {
        GeneratorRunResult own = GeneratorHarness.Run(LanguageVersion.CSharp12, Usings.Global, Package, Filter).Result;

        GeneratorDriver driver = GeneratorHarness.NewDriver().RunGeneratorsAndUpdateCompilation(
            GeneratorHarness.Compile(Usings.Global, Filter).AddReferences(s_package), out Compilation output, out _);

        Assert.Equal(Assert.Single(own.GeneratedSources).SourceText.ToString(), Assert.Single(driver.GetRunResult().Results[0].GeneratedSources).SourceText.ToString());
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
    }

    [Fact]
    public async Task Analyzers_see_them_too()
    {
        CSharpCompilation user = GeneratorHarness.Compile(Usings.Global, Filter).AddReferences(s_package);

        Assert.Empty((await GeneratorHarness.AnalyzeAsync(user)).Select(d => d.ToString()));
    }

    [Theory]
    [InlineData("[OnEoh] void E(Pack.Subject s) { }", CollectedData.Headers | CollectedData.Sender | CollectedData.Recipients, (MilterActions)0, (MilterActions)0, (ProtocolSteps)0x37f & ~(NoMail | NoRcpt | NoHeaders | NoEndOfHeaders) | NoReplyMail | NoReplyRcpt | NoReplyHeader | NoReplyEndOfHeaders)]
    [InlineData("[OnEom] void E(Pack.Digest d) { }", CollectedData.Body, (MilterActions)0, MilterActions.SetSymbolList, (ProtocolSteps)0x37f & ~(NoMail | NoBody) | NoReplyMail | NoReplyBody)]
    [InlineData("[OnEom] void E(Pack.Mime m) { }", CollectedData.HeaderNames, MilterActions.ChangeHeaders | MilterActions.ChangeBody, (MilterActions)0, (ProtocolSteps)0x37f & ~(NoMail | NoHeaders) | NoReplyMail | NoReplyHeader)]
    [InlineData("[OnEom] void E(Pack.Mime? m) { }", CollectedData.HeaderNames, (MilterActions)0, MilterActions.ChangeHeaders | MilterActions.ChangeBody, (ProtocolSteps)0x37f & ~(NoMail | NoHeaders) | NoReplyMail | NoReplyHeader)]
    [InlineData("[OnRcpt] void R(Pack.Login l) { }", CollectedData.Connect | CollectedData.Helo | CollectedData.Sender | CollectedData.Recipients, (MilterActions)0, (MilterActions)0, (ProtocolSteps)0x37f & ~(NoConnect | NoHelo | NoMail | NoRcpt) | NoReplyConnect | NoReplyHelo | NoReplyMail | NoReplyRcpt)]
    public void What_a_binder_needs_is_asked_for(string members, CollectedData collects, MilterActions required, MilterActions wanted, ProtocolSteps waived)
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Package, $"[Milter] partial class Filter {{ {members} }}");

        MilterDescriptor descriptor = milters.Descriptor("Filter");

        Assert.Equal((collects, required, wanted, waived), (descriptor.Collects, descriptor.RequiredActions, descriptor.WantedActions, descriptor.Waived));
    }

    [Theory]
    [InlineData("Pack.Mime? one", "Pack.Mime other", "global::Pack.Mime bound0 = await")]
    [InlineData("Pack.Mime one", "Pack.Mime? other", "global::Pack.Mime bound0 = await")]
    [InlineData("Pack.Mime? one", "Pack.Mime? other", "global::Pack.Mime? bound0 = step.Offers")]
    public void A_value_is_made_once_a_stage_and_is_one_object_for_all_its_handlers(string first, string second, string made)
    {
        string emitted = GeneratorHarness.Generate(Usings.Global, Package, $"[Milter] partial class Filter {{ [OnEom(Order = 1)] void First({first}) {{ }} [OnEom(Order = 2)] void Second({second}) {{ }} }}");

        Assert.Equal(2, emitted.Split("step.Bind<").Length);
        Assert.Contains(made, emitted, StringComparison.Ordinal);
        Assert.Contains("this.First(bound0);", emitted, StringComparison.Ordinal);
        Assert.Contains("this.Second(bound0);", emitted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Milter]", true)]
    [InlineData("[Milter(PreserveHeaderSpace = true)]", false)]
    public void The_space_behind_the_colon_is_asked_for_and_hidden_unless_the_class_wants_it_too(string attribute, bool hides)
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Package, $"{attribute} partial class Filter {{ [OnEom] void E(Pack.Login l) {{ }} }}");

        MilterDescriptor descriptor = milters.Descriptor("Filter");

        Assert.Equal((HeaderLeadingSpace, hides), (descriptor.Wanted, descriptor.HidesHeaderSpace));
    }

    [Theory]
    [InlineData("Pack.Login? one", "Pack.Login? other")]
    [InlineData("Pack.Login? one", "Pack.Login other")]
    public void A_value_type_may_be_optional(string first, string second)
    {
        string emitted = GeneratorHarness.Generate(Usings.Global, Package, $"[Milter] partial class Filter {{ [OnMail(Order = 1)] void First({first}) {{ }} [OnMail(Order = 2)] void Second({second}) {{ }} }}");

        Assert.Contains("global::Pack.Login bound0 = await", emitted, StringComparison.Ordinal);
        Assert.Contains("this.Second(bound0);", emitted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_is_bound_only_where_its_binder_can_work() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHelo] void Helo(Pack.Login {|MILTER040:l|}) { }
            [OnMail] void Mail(Pack.Subject {|MILTER040:s|}, Pack.Login l) { }
            [OnRcpt] void To(Pack.Login l) { }
            [OnRejectedRcpt] void Refused(Pack.Login l) { }
            [OnData] void Data(Pack.Login? l, Pack.Subject {|MILTER040:s|}) { }
            [OnHeader] void Header(Pack.Login l, Pack.Subject? {|MILTER040:s|}) { }
            [OnEoh] void Headers(Pack.Digest {|MILTER040:d|}, Pack.Mime {|MILTER040:m|}, Pack.Subject s, Pack.Login l) { }
            [OnBody] void Body(Pack.Subject? s, Pack.Digest {|MILTER040:d|}, Pack.Login l) { }
            [OnAbort] void Abort(Pack.Login {|MILTER040:l|}) { }
            [OnEom] void End(Pack.Subject s, Pack.Digest d, Pack.Mime m, Pack.Hidden h, Uri {|MILTER040:u|}) { }
        }
        """,
        Package);

    [Fact]
    public async Task An_internal_binder_of_another_assembly_is_none()
    {
        CSharpCompilation user = GeneratorHarness.Compile(Usings.Global, "[Milter] partial class Filter { [OnEom] void End(Pack.Hidden h) { } }").AddReferences(s_package);

        Assert.Equal("MILTER040", Assert.Single(await GeneratorHarness.AnalyzeAsync(user)).Id);
        Assert.Empty(GeneratorHarness.NewDriver().RunGenerators(user).GetRunResult().Results[0].GeneratedSources);
    }

    [Fact]
    public void References_are_read_again_only_when_they_change()
    {
        CSharpCompilation user = GeneratorHarness.Compile(Usings.Global, Filter).AddReferences(s_package);
        GeneratorDriver driver = GeneratorHarness.NewDriver().RunGenerators(user);

        GeneratorRunResult edited = driver.RunGenerators(user.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class More;"))).GetRunResult().Results[0];
        GeneratorRunResult changed = driver.RunGenerators(user.ReplaceReference(s_package, Image(Package.Replace("Body = true, ", "", StringComparison.Ordinal)))).GetRunResult().Results[0];

        Assert.Equal(IncrementalStepRunReason.Cached, Reason(edited, TrackingNames.ReferencedBinders));
        Assert.Equal(IncrementalStepRunReason.Cached, Reason(edited, TrackingNames.Milters));
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(changed, TrackingNames.ReferencedBinders));
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(changed, TrackingNames.Milters));
    }

    [Fact]
    public void A_changed_binder_changes_those_who_use_it()
    {
        GeneratorDriver driver = GeneratorHarness.NewDriver().RunGenerators(GeneratorHarness.Compile(Usings.Global, Filter, Package));

        GeneratorRunResult same = driver.RunGenerators(GeneratorHarness.Compile(Usings.Global, Filter, Package + "\n// edited")).GetRunResult().Results[0];
        GeneratorRunResult other = driver.RunGenerators(GeneratorHarness.Compile(Usings.Global, Filter, Package.Replace("Headers = true", "Headers = false", StringComparison.Ordinal))).GetRunResult().Results[0];

        Assert.Equal(IncrementalStepRunReason.Cached, Reason(same, TrackingNames.Milters));
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(other, TrackingNames.Binders));
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(other, TrackingNames.Milters));
    }

    private static PortableExecutableReference Image(string source)
    {
        using var image = new MemoryStream();
        Assert.Empty(GeneratorHarness.Compile(Usings.Global, source).WithAssemblyName("Pack").Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static IncrementalStepRunReason Reason(GeneratorRunResult run, string step) => run.TrackedSteps[step].SelectMany(s => s.Outputs).Single().Reason;
}
