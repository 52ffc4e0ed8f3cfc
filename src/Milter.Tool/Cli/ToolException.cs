namespace Milter.Tool;

/// <summary>Ends the command; the message says what is wrong and what to do.</summary>
internal sealed class ToolException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
