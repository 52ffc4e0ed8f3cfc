using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER010
{
    [Theory]
    [InlineData("Milter.Runtime.dll", "extern alias other; using other::Milter;", "Milter.Runtime")]
    [InlineData("Milter.Protocol.dll", "using Milter;", "Milter.Protocol")]
    public async Task Flags_a_reference_of_ours_that_has_another_name_only(string file, string head, string name)
    {
        CSharpCompilation user = Aliased(file, head + " [Milter] partial class Filter { [OnMail] void From() { } }", "other");

        Diagnostic found = Assert.Single(await GeneratorHarness.AnalyzeAsync(user));

        Assert.Equal("MILTER010", found.Id);
        Assert.Equal($"The reference to '{name}' has the alias 'other' only, so code that is generated for 'Filter' can't name its types; add global to it: Aliases=\"global,other\"", found.GetMessage(formatProvider: null));
        Assert.Empty(GeneratorHarness.NewDriver().RunGenerators(user).GetRunResult().Results[0].GeneratedSources);
    }

    [Theory]
    [InlineData("[OnMail] void From([FromServices] other::System.Net.Mail.SmtpClient mail) { }")]
    [InlineData("[OnMail] void From([FromServices] System.Collections.Generic.List<other::System.Net.Mail.SmtpClient[]> mails) { }")]
    [InlineData("public Filter(other::System.Net.Mail.SmtpClient mail) { }")]
    public async Task Flags_a_type_that_generated_code_has_to_name(string member)
    {
        CSharpCompilation user = Aliased("System.Net.Mail.dll", $"extern alias other; using Milter; [Milter] partial class Filter {{ {member} }}", "other");

        Assert.Equal(["MILTER010"], (await GeneratorHarness.AnalyzeAsync(user)).Select(found => found.Id));
    }

    [Theory]
    [InlineData("global", "other")]
    [InlineData]
    public void Is_quiet_where_it_can_be_named_all_the_same(params string[] aliases)
    {
        CSharpCompilation user = Aliased("Milter.Runtime.dll", "using Milter; [Milter] partial class Filter { [OnMail] void From() { } }", aliases);

        GeneratorHarness.NewDriver().RunGeneratorsAndUpdateCompilation(user, out Compilation output, out _);

        Assert.Empty(output.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString()));
    }

    private static CSharpCompilation Aliased(string file, string source, params string[] aliases)
    {
        CSharpCompilation user = GeneratorHarness.Compile(source);
        MetadataReference reference = user.References.Single(reference => Path.GetFileName(reference.Display) == file);
        return user.ReplaceReference(reference, reference.WithAliases(aliases));
    }
}
