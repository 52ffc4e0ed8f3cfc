using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Milter.Tool.Tests;

/// <summary>Runs the command in process, piped.</summary>
internal static partial class Tool
{
    public static Task<Ran> RunAsync(params string[] args) => RunAsync(null, args);

    public static async Task<Ran> RunAsync(string? input, string[] args, CancellationToken cancellation = default)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using MemoryStream? stdin = input is null ? null : new MemoryStream(Milter.Protocol.WireText.GetBytes(input));
        int code = await ToolProgram.RunAsync(args, Terminal.Of(output, error, stdin), cancellation);
        return new Ran(code, output.ToString(), error.ToString());
    }

    public static string Mask(string text) => Times().Replace(text, "… ms");

    public static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));

    public static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    [GeneratedRegex(@"\b[0-9.]+ m?s\b")]
    private static partial Regex Times();
}

/// <summary>What has come of a command.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    public string Masked => Tool.Mask(Output);

    public Ran Expect(int code)
    {
        Assert.True(Code == code, $"exit code {Code} instead of {code}\n{Output}\n{Error}");
        return this;
    }
}
