namespace Milter.Package.Tests;

/// <summary>
/// Protects what programs are built on: a library does not build with a member that is not listed (<c>PublicAPI.*.txt</c>), without one that is, or without what it had in 0.1.0 where no file of <c>eng/api/breaks</c> says why.
/// Tried on a copy of the smallest library.
/// </summary>
public sealed class ApiGateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("attrmilter-api-").FullName;

    public ApiGateTests()
    {
        string root = Feed.Root();
        foreach (string file in (string[])[.. Files("src/Milter.Protocol"), .. Files("eng/api"), "src/Directory.Build.props", "src/Directory.Build.targets", "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "global.json", "eng/AttrMilter.snk", "eng/icon.png"])
        {
            string to = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(root, file), to);
        }

        IEnumerable<string> Files(string folder) => Directory.GetFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path));
    }

    private string Library => Path.Combine(_folder, "src", "Milter.Protocol");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_change_of_what_programs_see_does_not_build_without_its_line()
    {
        Assert.Equal("", Errors());

        string added = Path.Combine(Library, "Added.cs");
        File.WriteAllText(added, "namespace Milter.Protocol;\n\n/// <summary>New.</summary>\npublic static class Added;\n");
        Assert.Contains("RS0016", Errors(), StringComparison.Ordinal);
        File.Delete(added);

        // Internal now: still listed, and gone since 0.1.0.
        string xtext = Path.Combine(Library, "TextPayload.cs");
        File.WriteAllText(xtext, File.ReadAllText(xtext).Replace("public static class TextPayload", "internal static class TextPayload", StringComparison.Ordinal));
        Assert.Contains("RS0017", Errors(), StringComparison.Ordinal);
        string listing = Path.Combine(Library, "PublicAPI.Unshipped.txt");
        File.WriteAllLines(listing, File.ReadLines(listing).Where(static line => !line.Contains("TextPayload", StringComparison.Ordinal)).ToArray());
        Assert.Contains("CP0001", Errors(), StringComparison.Ordinal);

        // A reason that nothing is broken for is not kept either.
        File.WriteAllText(xtext, File.ReadAllText(xtext).Replace("internal static class TextPayload", "public static class TextPayload", StringComparison.Ordinal));
        File.Copy(Path.Combine(Feed.Root(), "src/Milter.Protocol/PublicAPI.Unshipped.txt"), listing, overwrite: true);
        string macros = Path.Combine(_folder, "eng/api/breaks/Milter.Protocol/macros.xml");
        File.WriteAllText(macros, File.ReadAllText(macros).Replace("T:Milter.Protocol.MacroFrame", "T:Milter.Protocol.TextPayload", StringComparison.Ordinal));
        Assert.Contains("MacroFrame", Errors(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_break_since_the_first_version_has_its_reason()
    {
        string[] breaks = Directory.GetFiles(Path.Combine(Feed.Root(), "eng/api/breaks"), "*", SearchOption.AllDirectories);

        Assert.NotEmpty(breaks);
        Assert.All(breaks, static file => Assert.Matches(@"^<!-- [A-Z].{20,}\. -->$", File.ReadLines(file).ElementAt(1)));
    }

    private string Errors() => string.Join('\n', Feed.Run(Library, "build", "-c", "Release", "-f", "net10.0", "-p:EnableSourceControlManagerQueries=false").Output.Split('\n').Where(static line => line.Contains("error", StringComparison.Ordinal) && !line.Contains("0 Error(s)", StringComparison.Ordinal)).Distinct());
}
