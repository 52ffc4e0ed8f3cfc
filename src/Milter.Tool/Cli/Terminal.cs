using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Milter.Tool;

/// <summary>Where a command reads and writes. Colours, redrawing and a limited width only where there is a terminal that wants them (https://no-color.org).</summary>
internal sealed class Terminal
{
    // What is piped is not wrapped: others read it line by line.
    private const int PipedWidth = 2000;

    // Conversations that are traced at the same time write at the same time.
    private readonly Lock _gate = new();

    private Terminal(Stream input, bool isInputPiped, TextWriter output, TextWriter error, bool isTerminal, bool isErrorTerminal)
    {
        Input = input;
        IsInputPiped = isInputPiped;
        IsTerminal = isTerminal;
        bool hasColour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        Output = isTerminal ? output : new TrimmedWriter(output);
        Error = new OrderedWriter(error, Output);
        Console = Make(Output, isTerminal, isTerminal && hasColour ? AnsiSupport.Detect : AnsiSupport.No, hasColour);
        if (isErrorTerminal && Environment.GetEnvironmentVariable("TERM") is not "dumb")
        {
            // Redrawing is no colour.
            Progress = Make(error, isTerminal: true, AnsiSupport.Yes, hasColour);
        }
    }

    /// <summary>Gets the standard input.</summary>
    public Stream Input { get; }

    /// <summary>Gets a value indicating whether the input is no keyboard.</summary>
    public bool IsInputPiped { get; }

    /// <summary>Gets a value indicating whether the output is a terminal.</summary>
    public bool IsTerminal { get; }

    /// <summary>Gets the standard output.</summary>
    public TextWriter Output { get; }

    /// <summary>Gets the standard error stream. What is written there stands behind what the output was given before.</summary>
    public TextWriter Error { get; }

    /// <summary>Gets what tables and trees are drawn on.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Gets what progress is drawn on; <see langword="null"/> where nobody would see it.</summary>
    public IAnsiConsole? Progress { get; }

    public static Terminal OfProcess() => new(
        System.Console.OpenStandardInput(),
        System.Console.IsInputRedirected,
        new StreamWriter(System.Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = !System.Console.IsOutputRedirected },
        System.Console.Error,
        !System.Console.IsOutputRedirected,
        !System.Console.IsErrorRedirected);

    /// <summary>Piped, for tests.</summary>
    public static Terminal Of(TextWriter output, TextWriter error, Stream? input = null) => new(input ?? Stream.Null, input is not null, output, error, false, false);

    /// <summary>Writes a line as it is.</summary>
    public void Line(string text = "")
    {
        lock (_gate)
        {
            Output.WriteLine(text);
        }
    }

    /// <summary>Writes a line with Spectre's markup.</summary>
    public void Marked(string markup) => Draw(new Markup(markup + "\n"));

    public void Draw(IRenderable drawing)
    {
        lock (_gate)
        {
            Console.Write(drawing);
        }
    }

    private static IAnsiConsole Make(TextWriter writer, bool isTerminal, AnsiSupport ansi, bool hasColour)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi,
            ColorSystem = isTerminal && hasColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = ansi == AnsiSupport.Yes ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Capabilities.Unicode = true;
        console.Profile.Width = isTerminal ? Math.Max(80, System.Console.WindowWidth) : PipedWidth;
        return console;
    }
}
