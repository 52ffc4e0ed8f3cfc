using System.Runtime.CompilerServices;

namespace Milter.Protocol.Tests;

/// <summary>Protects the promise that every command, reply and flag of the protocol is named by a test.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Names =>
    [
        .. NamesOf<MilterCommand>(),
        .. NamesOf<MilterReply>(),
        .. NamesOf<MilterActions>(),
        .. NamesOf<ProtocolSteps>(),
        .. NamesOf<MacroStage>(),
        .. NamesOf<ClientFamily>(),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_named_by_a_test(string name)
    {
        string tests = Path.GetDirectoryName(Here())!;
        IEnumerable<string> files = new[] { "Milter.Protocol.Tests", "Milter.Runtime.Tests", "Milter.Client.Tests", "Milter.Generators.Tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(tests)!, folder), "*.cs", SearchOption.AllDirectories));
        Assert.Contains(files, file => File.ReadAllText(file).Contains(name, StringComparison.Ordinal));
    }

    private static IEnumerable<string> NamesOf<T>()
        where T : struct, Enum => Enum.GetNames<T>().Where(name => name is not ("None" or "All")).Select(name => $"{typeof(T).Name}.{name}");

    private static string Here([CallerFilePath] string file = "") => file;
}
