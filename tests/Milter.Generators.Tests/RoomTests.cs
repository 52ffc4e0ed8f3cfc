using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.Generators.Tests;

/// <summary>Protects the arrows of the design: a room of the runtime uses those below it and none above. The sources are read by the compiler.</summary>
public sealed class RoomTests
{
    private const int MostFields = 15;

    // From the lowest to the highest. Message and CompilerServices know of each other what handlers are given: the step's context is a view of both.
    private static readonly string[][] s_rooms =
    [
        ["Options"], ["Limits"], ["Output"], ["Message", "CompilerServices"], ["Telemetry"], ["Session"], ["Transport"], ["Hosting"],
    ];

    private static readonly Lazy<CSharpCompilation> s_runtime = new(Compile);

    [Fact]
    public void Rooms_use_each_other_one_way()
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (SyntaxTree tree in s_runtime.Value.SyntaxTrees.Where(static tree => RankOf(tree) >= 0))
        {
            SemanticModel model = s_runtime.Value.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(static name => !name.Ancestors().Any(static node => node is UsingDirectiveSyntax)))
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                INamedTypeSymbol? type = (symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition;
                SyntaxTree? declared = type?.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree;
                if (declared is not null && RankOf(declared) > RankOf(tree))
                {
                    wrong.Add($"{RoomOf(tree)} ({Path.GetFileName(tree.FilePath)}) uses {type!.Name} of {RoomOf(declared)}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_class_of_Session_and_Transport_has_more_fields_than_fit_in_the_head()
    {
        IEnumerable<string> wrong = s_runtime.Value.SyntaxTrees
            .Where(static tree => RoomOf(tree) is "Session" or "Transport")
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>().Select(type => s_runtime.Value.GetSemanticModel(tree).GetDeclaredSymbol(type)!))
            .Select(static type => (type.Name, Count: type.GetMembers().OfType<IFieldSymbol>().Count(static field => !field.IsStatic && !field.IsConst)))
            .Where(static type => type.Count > MostFields)
            .Select(static type => $"{type.Name} has {type.Count}");
        Assert.Empty(wrong);
    }

    private static CSharpCompilation Compile()
    {
        string folder = Path.GetFullPath(Path.Combine(Here(), "../../src/Milter.Runtime"));
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";
        SyntaxTree[] trees =
        [
            CSharpSyntaxTree.ParseText(Usings, options),
            .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file[(folder.Length + 1)..])),
        ];
        string[] references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return CSharpCompilation.Create(
            "runtime",
            trees,
            references.Where(static file => Path.GetFileName(file) != "Milter.Runtime.dll").Select(static file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static string RoomOf(SyntaxTree tree) => tree.FilePath.Split('/', '\\') is [var room, _, ..] ? room : "";

    private static int RankOf(SyntaxTree tree) => Array.FindIndex(s_rooms, level => level.Contains(RoomOf(tree)));
}
