using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Milter.Tests;

/// <summary>What the pages show is what is compiled and what is there.</summary>
public sealed partial class PageTests
{
    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root(), page)).Replace("\r\n", "\n", StringComparison.Ordinal);

    [Fact]
    public void Code_is_what_is_compiled()
    {
        string[] compiled = [.. Directory.GetFiles(Path.Combine(Root(), "tests/Milter.Authentication.Tests/Pages"), "*.cs").Select(File.ReadAllText)];
        string[] shown = [.. Code().Matches(Read("docs/authentication.md")).Select(static block => block.Groups["code"].Value)];

        Assert.Equal(3, shown.Length);
        Assert.All(shown, code => Assert.Contains(compiled, one => one.Contains(code, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("docs/samples/sender-check.md", "samples/SenderCheck/appsettings.json")]
    [InlineData("docs/samples/dkim-signer.md", "samples/DkimSigner/appsettings.json")]
    public void Settings_are_those_of_the_sample(string page, string file) => Assert.Contains(Read(file), Read(page), StringComparison.Ordinal);

    [Fact]
    public void Each_option_is_on_the_page()
    {
        string page = Read("docs/authentication.md");
        (string Section, Type Options)[] all = [("Dns", typeof(DnsOptions)), ("Authentication", typeof(AuthenticationOptions)), ("DnsLists", typeof(DnsListOptions)), ("DkimSigning", typeof(DkimSigningOptions))];

        Assert.Equal([], all.SelectMany(static one => one.Options.GetProperties().Select(property => $"`{one.Section}:{property.Name}`")).Where(name => !page.Contains(name, StringComparison.Ordinal)));
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
