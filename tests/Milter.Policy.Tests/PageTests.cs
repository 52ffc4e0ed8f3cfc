using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Milter.Policy.Tests;

/// <summary>What the pages about policies and about pymilter say is true: their code is compiled here, and no name of pymilter's is missing.</summary>
public sealed partial class PageTests
{
    private const string Python = "/usr/bin/python3";

    // Names of modules, and of the classes that they define. Modules that can't be imported, since they need what Debian's Python has not, are read instead.
    private const string ListNames = """
        import importlib, re
        for module in 'milter Milter Milter.utils Milter.dns Milter.dsn Milter.greylist Milter.greysql Milter.cache Milter.config Milter.policy Milter.dynip Milter.pyip6 Milter.plock Milter.unsign Milter.test Milter.testctx mime'.split():
            try:
                loaded = importlib.import_module(module)
                own = [one for one in vars(loaded).values() if isinstance(one, type) and one.__module__ == module]
                names = dir(loaded) + [name for one in own for name in vars(one)]
            except ImportError:
                import Milter, os
                text = open(os.path.join(os.path.dirname(Milter.__file__), module.split('.')[1] + '.py')).read()
                names = re.findall(r'^ *(?:def|class) (\w+)|^(\w+) *=', text, re.M)
                names = [a or b for a, b in names]
            print(module, *[name for name in names if not name.startswith('_')])
        """;

    public static TheoryData<string> Pages => ["docs/policy.md", "docs/from-pymilter.md", "docs/from-others.md"];

    [Theory, MemberData(nameof(Pages))]
    public void Code_is_what_is_compiled(string page)
    {
        string[] compiled = [.. Directory.GetFiles(Path.Combine(Root(), "tests/Milter.Policy.Tests/Pages"), "*.cs").Select(File.ReadAllText)];

        Assert.All(Code().Matches(Read(page)).Select(block => block.Groups["code"].Value), code => Assert.Contains(code, compiled));
    }

    [Theory, MemberData(nameof(Pages))]
    public void No_cell_of_a_table_is_empty(string page) =>
        Assert.All(Read(page).Split('\n').Where(line => line.StartsWith('|')), line => Assert.All(line.Trim('|').Split('|'), cell => Assert.NotEqual("", cell.Trim())));

    [SkippableFact]
    public async Task Each_name_of_pymilter_is_on_its_page()
    {
        Skip.IfNot(File.Exists("/usr/lib/python3/dist-packages/Milter/__init__.py"), "python3-milter is not installed; `apt-get install python3-milter` does that on Debian.");
        using Process python = Process.Start(new ProcessStartInfo(Python, ["-W", "ignore", "-c", ListNames]) { RedirectStandardOutput = true })!;
        string[] modules = (await python.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await python.WaitForExitAsync();
        Assert.Equal((0, 17), (python.ExitCode, modules.Length));

        string page = Read("docs/from-pymilter.md");
        HashSet<string> named = [.. Names().Matches(page).Select(name => name.Groups["name"].Value)];
        string[] missing = [.. modules.SelectMany(line => line.Split(' ')[1..].Where(name => !named.Contains(name)).Select(name => $"{line.Split(' ')[0]}: {name}"))];
        Assert.Equal([], missing);
    }

    [SkippableFact]
    public void Each_function_of_libmilter_is_on_its_page()
    {
        const string header = "/usr/include/libmilter/mfapi.h";
        Skip.IfNot(File.Exists(header), "libmilter-dev is not installed; `apt-get install libmilter-dev` does that on Debian.");
        string page = Read("docs/from-others.md");

        string[] functions = [.. Functions().Matches(File.ReadAllText(header)).Select(function => function.Value).Distinct()];

        Assert.True(functions.Length > 20);
        Assert.Equal([], functions.Where(function => !page.Contains($"`{function}`", StringComparison.Ordinal)));
    }

    /// <summary>The options that the page lists are those that there are.</summary>
    [Theory]
    [InlineData(typeof(GreylistOptions))]
    [InlineData(typeof(PolicyOptions))]
    [InlineData(typeof(PolicyLimit))]
    public void Each_option_is_on_the_page(Type options) =>
        Assert.All(options.GetProperties(), property => Assert.Contains(property.Name, Read("docs/policy.md"), StringComparison.Ordinal));

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root(), page));

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\bsmfi_[a-z]+(_[a-z]+)*(?= *(?:__P|\())")]
    private static partial Regex Functions();

    [GeneratedRegex("`(?<name>\\w+)`")]
    private static partial Regex Names();
}
