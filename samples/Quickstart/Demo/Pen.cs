namespace Quickstart.Demo;

/// <summary>Writes lines, in colour where there is a terminal that wants it.</summary>
/// <param name="output">Where to.</param>
/// <param name="colour">Whether with colours.</param>
internal sealed class Pen(TextWriter output, bool colour)
{
    private const string Red = "31";
    private const string Green = "32";
    private const string Cyan = "36";
    private const string Bold = "1";
    private const string Faint = "2";

    /// <summary>Whether the standard output is a terminal, and colours are not switched off (https://no-color.org).</summary>
    public static bool HasColour() =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    public void Line(string text = "") => output.WriteLine(text);

    public void Title(string text) => output.WriteLine(Paint(Bold, text));

    /// <summary>Writes a name and what belongs to it, in two columns.</summary>
    public void Row(string name, string text) => output.WriteLine($"  {Paint(Cyan, name.PadRight(12))} {text}".TrimEnd());

    public void Difference(string line) => output.WriteLine("  " + line[0] switch
    {
        '+' => Paint(Green, line),
        '-' => Paint(Red, line),
        '@' => Paint(Cyan, line),
        _ => line,
    });

    public string Good(string text) => Paint(Green, text);

    public string Bad(string text) => Paint(Red, text);

    public string Quiet(string text) => Paint(Faint, text);

    private string Paint(string code, string text) => colour && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
