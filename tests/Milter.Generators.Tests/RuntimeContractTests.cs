using Milter.CompilerServices;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>The generator references nothing of the runtime and knows it by name: every one of these names exists there.</summary>
public sealed class RuntimeContractTests
{
    public static TheoryData<string> Types =>
    [
        .. typeof(RuntimeNames).GetFields()
            .Where(constant => constant.FieldType == typeof(string))
            .Select(constant => (string)constant.GetRawConstantValue()!)
            .Where(name => name.Contains('.', StringComparison.Ordinal) && name is not (RuntimeNames.Contract or RuntimeNames.Wire or RuntimeNames.RuntimeAssembly))
            .Concat(StageInfo.All.Select(stage => stage.Attribute))
            .Concat(Markers.All.Select(marker => marker.Attribute))
            .Concat(ParameterInfo.All.Select(info => info.Type))
            .Where(name => name.Length > 0)
            .Distinct(),
    ];

    public static TheoryData<string> StepMembers =>
    [
        .. ParameterInfo.All.SelectMany(info => new[] { info.Member, info.Optional })
            .OfType<string>()
            .Where(name => name.Length > 0)
            .Concat(["Offers", "Bind", "HeaderIs", "HasSkipped", "MarkSkipped", "SkipWhenAllHave"])
            .Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void The_type_exists_and_is_public(string name) => Assert.Equal(
        Microsoft.CodeAnalysis.Accessibility.Public,
        GeneratorHarness.Compile("").GetTypeByMetadataName(name)?.DeclaredAccessibility);

    [Theory]
    [MemberData(nameof(StepMembers))]
    public void The_step_has_the_member(string name) => Assert.NotEmpty(typeof(StepContext).GetMember(name));

    [Fact]
    public void The_dispatcher_has_every_stage() => Assert.Equal(
        typeof(IMilterDispatcher).GetMethods().Select(method => method.Name).Order(),
        StageInfo.All.Select(stage => stage.Handler).Concat(["ResetMessage", "ResetMessageAsync"]).Order());

    [Theory]
    [InlineData("Failed")]
    [InlineData("End")]
    [InlineData("MustBeAwaited")]
    public void The_reset_has_the_member(string name) => Assert.NotNull(typeof(MessageReset).GetMethod(name));

    [Fact]
    public void Every_marker_and_stage_of_the_runtime_is_known()
    {
        IEnumerable<Type> attributes = typeof(MilterAttribute).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Attribute)) && !type.IsAbstract);

        Assert.Equal(
            attributes.Select(type => type.FullName!).Order(),
            StageInfo.All.Select(stage => stage.Attribute)
                .Concat(Markers.All.Select(marker => marker.Attribute))
                .Concat([RuntimeNames.MilterAttribute, RuntimeNames.PerMessageAttribute, RuntimeNames.PerSessionAttribute, RuntimeNames.NeedsAttribute, RuntimeNames.BinderAttribute, RuntimeNames.Catalog])
                .Order());
    }

    [Fact]
    public void The_contract_is_the_same_version() => Assert.Equal(MilterDescriptor.CurrentContractVersion, RuntimeNames.ContractVersion);

    [Fact]
    public void The_attributes_have_the_named_arguments_that_are_read()
    {
        Assert.NotNull(typeof(MilterAttribute).GetProperty(RuntimeNames.PreserveHeaderSpace));
        Assert.NotNull(typeof(StageAttribute).GetProperty(RuntimeNames.Order));
        Assert.NotNull(typeof(HeaderAttribute).GetProperty(RuntimeNames.Decoded));
        Assert.Equal(typeof(string[]), Assert.Single(Assert.Single(typeof(OnHeaderAttribute).GetConstructors()).GetParameters()).ParameterType);
        Assert.Equal([typeof(Protocol.MilterActions)], typeof(NeedsAttribute).GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType));
        Assert.Equal(["Actions", "Body", "Client", "Envelope", "HeaderSpace", "Headers", "Helo", "Macros"], typeof(NeedsAttribute).GetProperties().Select(property => property.Name).Where(name => name != "TypeId").Order());
        Assert.Equal(RuntimeNames.RuntimeAssembly, typeof(MilterAttribute).Assembly.GetName().Name);
    }
}
