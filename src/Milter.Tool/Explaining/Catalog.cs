using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Milter.CompilerServices;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>Reads what the generator has written about milters into an assembly's metadata, without loading it.</summary>
internal static class Catalog
{
    // What this tool knows of; a newer one only adds.
    private const int KnownSchema = 1;

    /// <summary>Reads the milters of an assembly, or, where it has none, of those that lie beside it.</summary>
    public static IReadOnlyList<CatalogEntry> Read(string path)
    {
        List<CatalogEntry> entries = ReadOne(path) ?? throw new ToolException(ExitCode.Data, $"{path} is no .NET assembly.");
        if (entries.Count == 0)
        {
            entries = [.. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, "*.dll").Order(StringComparer.Ordinal).SelectMany(file => ReadOne(file) ?? [])];
        }

        return entries.Count > 0 ? entries : throw new ToolException(ExitCode.Data, $"{path} has no milter in it: no class with [Milter] that was compiled with the package AttrMilter.");
    }

    private static List<CatalogEntry>? ReadOne(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var assembly = new PEReader(file);
        try
        {
            if (!assembly.HasMetadata)
            {
                return null;
            }
        }
        catch (BadImageFormatException)
        {
            return null;
        }

        MetadataReader metadata = assembly.GetMetadataReader();
        var entries = new List<CatalogEntry>();
        foreach (CustomAttributeHandle handle in metadata.IsAssembly ? metadata.GetAssemblyDefinition().GetCustomAttributes() : default)
        {
            CustomAttribute attribute = metadata.GetCustomAttribute(handle);
            if (IsCatalog(metadata, attribute))
            {
                entries.Add(Decode(path, attribute.DecodeValue(new TypeNames())));
            }
        }

        return entries;
    }

    private static bool IsCatalog(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference
            || metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is not { Kind: HandleKind.TypeReference } parent)
        {
            return false;
        }

        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Name, nameof(MilterCatalogAttribute)) && metadata.StringComparer.Equals(type.Namespace, typeof(MilterCatalogAttribute).Namespace!);
    }

    private static CatalogEntry Decode(string path, CustomAttributeValue<string> value)
    {
        var named = value.NamedArguments.ToDictionary(argument => argument.Name!, argument => argument.Value);
        return new CatalogEntry
        {
            Assembly = path,
            Name = (string)value.FixedArguments[0].Value!,
            IsNewer = (int)value.FixedArguments[1].Value! > KnownSchema,
            Waived = (ProtocolSteps)Flags(nameof(MilterCatalogAttribute.Waived)),
            Wanted = (ProtocolSteps)Flags(nameof(MilterCatalogAttribute.Wanted)),
            RequiredActions = (MilterActions)Flags(nameof(MilterCatalogAttribute.RequiredActions)),
            WantedActions = (MilterActions)Flags(nameof(MilterCatalogAttribute.WantedActions)),
            Collects = (CollectedData)Flags(nameof(MilterCatalogAttribute.Collects)),
            Handlers = Texts(nameof(MilterCatalogAttribute.Handlers)),
            SymbolLists = [.. Texts(nameof(MilterCatalogAttribute.SymbolLists)).Select(Pair)],
            Causes = Texts(nameof(MilterCatalogAttribute.Causes)).Select(Pair).ToLookup(pair => pair.Name, pair => pair.Value),
            WaitsPerMessage = Texts(nameof(MilterCatalogAttribute.WaitsPerMessage)),
            WaitsPerSession = Texts(nameof(MilterCatalogAttribute.WaitsPerSession)),
        };

        uint Flags(string name) => named.GetValueOrDefault(name) switch { uint number => number, int number => (uint)number, _ => 0 };

        IReadOnlyList<string> Texts(string name) =>
            named.GetValueOrDefault(name) is ImmutableArray<CustomAttributeTypedArgument<string>> items ? [.. items.Select(item => (string)item.Value!)] : [];
    }

    private static (string Name, string Value) Pair(string text)
    {
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        return (text[..colon], text[(colon + 2)..]);
    }

    /// <summary>Types by name: enough to decode the attribute.</summary>
    private sealed class TypeNames : ICustomAttributeTypeProvider<string>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSystemType() => "System.Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => "";

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSerializedName(string name) => name.Split(',')[0];

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) =>
            type.StartsWith(typeof(ProtocolSteps).Namespace!, StringComparison.Ordinal) ? PrimitiveTypeCode.UInt32 : PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type == "System.Type";
    }
}

/// <summary>What stands in the catalogue about one milter.</summary>
internal sealed record CatalogEntry
{
    public required string Assembly { get; init; }

    /// <summary>Gets the class's full metadata name.</summary>
    public required string Name { get; init; }

    public bool IsNewer { get; init; }

    public ProtocolSteps Waived { get; init; }

    public ProtocolSteps Wanted { get; init; }

    public MilterActions RequiredActions { get; init; }

    public MilterActions WantedActions { get; init; }

    public CollectedData Collects { get; init; }

    public IReadOnlyList<string> Handlers { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> SymbolLists { get; init; } = [];

    public required ILookup<string, string> Causes { get; init; }

    public IReadOnlyList<string> WaitsPerMessage { get; init; } = [];

    public IReadOnlyList<string> WaitsPerSession { get; init; } = [];

    /// <summary>Gets the class's name alone.</summary>
    public string ShortName => Name[(Name.LastIndexOfAny(['.', '+']) + 1)..];
}
