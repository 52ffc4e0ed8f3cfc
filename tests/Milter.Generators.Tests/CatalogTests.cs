using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Tests.Infrastructure;
using Milter.Protocol;

namespace Milter.Generators.Tests;

/// <summary>What tools read of a filter's assembly, with nothing of it loaded.</summary>
public sealed class CatalogTests
{
    [Fact]
    public void Each_milter_has_its_entry_in_the_metadata()
    {
        Dictionary<string, CustomAttributeValue<string>> catalog = Read("""
            namespace Demo;
            partial class Outer { [Milter] partial class @event { [OnConnect] Verdict Connect([Macro("j")] string? host) => default; } }
            [Milter] partial class Filter { [OnRcpt] Verdict To() => default; [OnEom] void End([Header("Subject")] string? subject, HeaderAdder adder) { } }
            """);

        Assert.Equal(["Demo.Filter", "Demo.Outer+event"], catalog.Keys.Order(StringComparer.Ordinal));
        CustomAttributeValue<string> filter = catalog["Demo.Filter"];
        Assert.Equal(1, filter.FixedArguments[1].Value);
        Assert.Equal((uint)(MilterStages.Rcpt | MilterStages.Eom), Convert.ToUInt32(Named(filter, "Handles"), provider: null));
        Assert.Equal((uint)MilterStages.Rcpt, Convert.ToUInt32(Named(filter, "Replies"), provider: null));
        Assert.Equal((uint)MilterActions.AddHeaders, Convert.ToUInt32(Named(filter, "RequiredActions"), provider: null));
        Assert.Equal((uint)CollectedData.NamedHeaders, Convert.ToUInt32(Named(filter, "Collects"), provider: null));
        Assert.Equal(["OnRcpt To", "OnEom End"], Texts(filter, "Handlers"));
        Assert.Equal(["RCPT", "EOM"], Texts(filter, "WaitsPerMessage"));
        Assert.Contains("SMFIP_NR_HDR: End(subject)", Texts(filter, "Causes"));
        Assert.Null(Named(filter, "SymbolLists"));
        Assert.Equal(["CONNECT"], Texts(catalog["Demo.Outer+event"], "WaitsPerSession"));
        Assert.Equal(["CONNECT: j _ v {daemon_name} {daemon_addr} {if_name} {if_addr}"], Texts(catalog["Demo.Outer+event"], "SymbolLists"));
    }

    private static Dictionary<string, CustomAttributeValue<string>> Read(string source)
    {
        var image = new MemoryStream();
        Assert.True(GeneratorHarness.Run(LanguageVersion.CSharp12, Usings.Global, source).Compilation.Emit(image).Success);
        image.Position = 0;
        var pe = new PEReader(image);
        MetadataReader reader = pe.GetMetadataReader();
        return reader.GetAssemblyDefinition().GetCustomAttributes()
            .Select(reader.GetCustomAttribute)
            .Where(attribute => attribute.Constructor.Kind == HandleKind.MemberReference
                && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type
                && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name) == "MilterCatalogAttribute")
            .Select(attribute => attribute.DecodeValue(new Names()))
            .ToDictionary(value => (string)value.FixedArguments[0].Value!);
    }

    private static object? Named(CustomAttributeValue<string> value, string name) => value.NamedArguments.FirstOrDefault(argument => argument.Name == name).Value;

    private static IEnumerable<string?> Texts(CustomAttributeValue<string> value, string name) =>
        ((ImmutableArray<CustomAttributeTypedArgument<string>>)Named(value, name)!).Select(item => (string?)item.Value);

    /// <summary>Types are read as their names; all enums of the runtime are 32 bits wide.</summary>
    private sealed class Names : ICustomAttributeTypeProvider<string>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSystemType() => "System.Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSerializedName(string name) => name;

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type == "System.Type";
    }
}
