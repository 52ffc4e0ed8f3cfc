using System.Runtime.CompilerServices;
using System.Text;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Corpus;

/// <summary>Programs with mistakes that people make, each with all that is reported, and where. Marked as <see cref="Rule"/> says; not compiled with the tests.</summary>
public sealed class WrongProgramTests
{
    public static TheoryData<string> Programs => [.. Directory.GetFiles(Folder(), "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_enough() => Assert.True(Programs.Count >= 60);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Has_these_mistakes_and_no_others(string program)
    {
        string source = (await File.ReadAllTextAsync(Path.Combine(Folder(), program + ".cs"))).ReplaceLineEndings("\n");

        IReadOnlyList<string> messages = await Rule.CheckAsync(source, compilerErrors: source.StartsWith("// with compiler errors", StringComparison.Ordinal));

        Assert.NotEmpty(messages);
        Assert.All(messages, message => Assert.DoesNotMatch("\\{[0-9]", message));
    }

    /// <summary>What people read, all in one place, so that a change of wording is seen.</summary>
    [Fact]
    public async Task Messages()
    {
        var text = new StringBuilder();
        foreach (string path in Directory.GetFiles(Folder(), "*.cs").Order(StringComparer.Ordinal))
        {
            IReadOnlyList<string> messages = await Rule.CheckAsync((await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n"), compilerErrors: true);
            text.Append(Path.GetFileNameWithoutExtension(path)).Append('\n').AppendJoin("", messages.Distinct().Select(message => $"    {message}\n"));
        }

        Snapshot.Verify(text.ToString(), "txt");
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Wrong");
}
