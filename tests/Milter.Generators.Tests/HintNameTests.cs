using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Infrastructure;
using Milter.Generators.Parsing;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>Files are named after classes, each once, and without asking what else is in a namespace.</summary>
public sealed class HintNameTests
{
    [Fact]
    public void Names_that_differ_by_case_get_numbers_whatever_their_order()
    {
        string[] names = ["Demo.Filter", "Demo.FILTER", "Demo.filter", "Demo.Other"];

        EquatableArray<string> alike = HintNames.Alike(names);

        Assert.Equal(alike, HintNames.Alike(names.Reverse()));
        Assert.Equal(["Demo.Filter-1.g.cs", "Demo.FILTER.g.cs", "Demo.filter-2.g.cs", "Demo.Other.g.cs"], names.Select(name => HintNames.File(name, alike)));
    }

    [Fact]
    public void Two_classes_of_one_name_which_the_compiler_objects_to_get_no_file() =>
        Assert.Null(HintNames.File("Demo.Filter", HintNames.Alike(["Demo.Filter", "Demo.Filter"])));

    [Fact]
    public void A_milter_with_a_name_like_another_s_changes_nothing_but_its_own_file()
    {
        const string First = "namespace Demo; [Milter] public partial class FILTER { [OnMail] void From() { } }";
        GeneratorDriver driver = GeneratorHarness.NewDriver().RunGenerators(GeneratorHarness.Compile(Usings.Global, First));

        GeneratorRunResult run = driver.RunGenerators(GeneratorHarness.Compile(Usings.Global, First, "namespace Demo; [Milter] public partial class Filter { [OnMail] void From() { } }")).GetRunResult().Results[0];

        Assert.Equal(["Demo.FILTER.g.cs", "Demo.Filter-1.g.cs"], run.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal));
    }
}
