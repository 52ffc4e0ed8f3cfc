using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Corpus;

/// <summary>
/// Unusual code that is right: it compiles without a warning, the analyzers have nothing to say, and it runs in the real engine. At its head stands what a scripted MTA gets
/// as answers (<see cref="ScriptedMta"/>); <c>ACCEPT_SNAPSHOTS=1</c> writes it. Other words at the head: <c>C# 12</c>, <c>nullable off</c>, <c>no usings</c>, <c>type X</c>; <c>// file</c> begins another file.
/// </summary>
public sealed partial class RightProgramTests
{
    public static TheoryData<string> Programs => [.. Directory.GetFiles(Folder(), "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_enough() => Assert.True(Programs.Count >= 40);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Compiles_and_runs(string program)
    {
        string path = Path.Combine(Folder(), program + ".cs");
        string source = (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n");
        string head = source[..source.IndexOf('\n', StringComparison.Ordinal)];
        string[] answers = [.. AnswerLine().Matches(source).Select(match => match.Groups[1].Value)];

        Assembly assembly = await CompileAsync(source, head);
        string name = TypeName().Match(head) is { Success: true } named ? named.Groups[1].Value : "Filter";
        IReadOnlyList<string> got = await RunAsync(assembly.GetType(name, throwOnError: true)!);

        if (Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1" && !got.SequenceEqual(answers))
        {
            string body = AnswerLine().Replace(source, "");
            await File.WriteAllTextAsync(path, body.Insert(body.IndexOf('\n', StringComparison.Ordinal) + 1, string.Concat(got.Select(line => $"//> {line}\n"))));
        }

        Assert.Equal(answers, got);
    }

    private static async Task<Assembly> CompileAsync(string source, string head)
    {
        LanguageVersion language = head.Contains("C# 12", StringComparison.Ordinal) ? LanguageVersion.CSharp12 : LanguageVersion.Latest;
        List<string> files = [.. source.Split("\n// file\n")];
        if (!head.Contains("no usings", StringComparison.Ordinal))
        {
            files.Add(Usings.Global);
        }

        CSharpCompilation user = GeneratorHarness.Compile(language, [.. files]);
        if (head.Contains("nullable off", StringComparison.Ordinal))
        {
            user = user.WithOptions(user.Options.WithNullableContextOptions(NullableContextOptions.Disable));
        }

        GeneratorHarness.NewDriver(language).RunGeneratorsAndUpdateCompilation(user, out Compilation output, out _);
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
        Assert.Empty((await GeneratorHarness.AnalyzeAsync((CSharpCompilation)output)).Select(d => d.ToString()));
        using var image = new MemoryStream();
        Assert.True(output.Emit(image).Success);
        image.Position = 0;
        return new AssemblyLoadContext("right program", isCollectible: true).LoadFromStream(image);
    }

    private static Task<IReadOnlyList<string>> RunAsync(Type milter) =>
        (Task<IReadOnlyList<string>>)typeof(Runner<>).MakeGenericType(milter).GetMethod("RunAsync")!.Invoke(null, null)!;

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Right");

    [GeneratedRegex("^//> (.*)\n", RegexOptions.Multiline)]
    private static partial Regex AnswerLine();

    [GeneratedRegex(@"\btype ([\w.+]+)")]
    private static partial Regex TypeName();

    private static class Runner<T>
        where T : class, CompilerServices.IMilter<T>
    {
        public static async Task<IReadOnlyList<string>> RunAsync()
        {
            await using ServiceProvider services = new ServiceCollection().AddSingleton(new List<string> { "lottery" }).BuildServiceProvider();
            await using MilterServer server = await MilterServer.StartAsync<T>("inet:0@127.0.0.1", services: services);
            IReadOnlyList<string> answers = await ScriptedMta.RunAsync(server.EndPoint.Port);
            return answers;
        }
    }
}
