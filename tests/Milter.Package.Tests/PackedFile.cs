using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Milter.Package.Tests;

/// <summary>A package as it lies in a folder: what its manifest says, and what is in it.</summary>
internal sealed class PackedFile : IDisposable
{
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly XElement _metadata;

    public PackedFile(string path)
    {
        _path = path;
        _archive = ZipFile.OpenRead(path);
        using Stream manifest = _archive.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        _metadata = XDocument.Load(manifest).Root!.Elements().Single(static one => one.Name.LocalName == "metadata");
    }

    public string Id => Text("id");

    public string Version => Text("version");

    /// <summary>Gets the names of the assemblies that programs are compiled against.</summary>
    public IEnumerable<string> Assemblies => Names("lib/", ".dll");

    /// <summary>Gets what the package depends on, for all frameworks: id and range of versions.</summary>
    public IEnumerable<(string Id, string Version)> Dependencies =>
        _metadata.Descendants().Where(static one => one.Name.LocalName == "dependency").Select(static one => (one.Attribute("id")!.Value, one.Attribute("version")!.Value)).Distinct();

    /// <summary>Gets an element of the manifest; empty where there is none.</summary>
    public string Text(string element) => Element(element)?.Value ?? "";

    public string Attribute(string element, string name) => Element(element)?.Attribute(name)?.Value ?? "";

    public string Read(string name)
    {
        using var reader = new StreamReader(_archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    public bool Has(string name) => name.Length > 0 && _archive.GetEntry(name) is { Length: > 0 };

    /// <summary>Gets the assemblies that see the internals of this package's.</summary>
    public IEnumerable<string> Friends() => _archive.Entries
        .Where(static entry => entry.FullName.StartsWith("lib/net10.0/", StringComparison.Ordinal) && entry.FullName.EndsWith(".dll", StringComparison.Ordinal))
        .SelectMany(static entry => FriendsOf(Bytes(entry)));

    /// <summary>Says of each symbol file of the package beside this one where its sources are.</summary>
    public IEnumerable<(string File, string? Sources)> Symbols()
    {
        using ZipArchive symbols = ZipFile.OpenRead(Path.ChangeExtension(_path, ".snupkg"));
        return [.. symbols.Entries.Where(static entry => entry.FullName.EndsWith(".pdb", StringComparison.Ordinal)).Select(static entry => (entry.FullName, SourcesOf(Bytes(entry))))];
    }

    public void Dispose() => _archive.Dispose();

    private static string? SourcesOf(byte[] bytes)
    {
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbImage([.. bytes]);
        MetadataReader reader = provider.GetMetadataReader();
        foreach (CustomDebugInformation information in reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation).Where(one => reader.GetGuid(one.Kind) == s_sourceLink))
        {
            using JsonDocument link = JsonDocument.Parse(Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)));
            return string.Join(' ', link.RootElement.GetProperty("documents").EnumerateObject().Select(static one => one.Value.GetString()));
        }

        return null;
    }

    private static IEnumerable<string> FriendsOf(byte[] assembly)
    {
        using var file = new PEReader([.. assembly]);
        MetadataReader reader = file.GetMetadataReader();
        foreach (CustomAttribute attribute in reader.GetAssemblyDefinition().GetCustomAttributes().Select(reader.GetCustomAttribute))
        {
            if (attribute.Constructor.Kind == HandleKind.MemberReference
                && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "InternalsVisibleToAttribute")
            {
                BlobReader value = reader.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                yield return value.ReadSerializedString()!.Split(',')[0];
            }
        }
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var copy = new MemoryStream();
        using Stream stream = entry.Open();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private IEnumerable<string> Names(string folder, string ending) => _archive.Entries
        .Where(entry => entry.FullName.StartsWith(folder, StringComparison.Ordinal) && entry.FullName.EndsWith(ending, StringComparison.Ordinal))
        .Select(static entry => Path.GetFileNameWithoutExtension(entry.Name)).Distinct();

    private XElement? Element(string name) => _metadata.Elements().SingleOrDefault(one => one.Name.LocalName == name);
}
