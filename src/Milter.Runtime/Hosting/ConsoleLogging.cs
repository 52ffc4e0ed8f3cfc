using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Milter.Hosting;

/// <summary>Logging of a program without a host: a line an entry on the standard error stream, from Information on.</summary>
internal sealed class ConsoleLogging(TextWriter output, TimeProvider time) : ILoggerFactory
{
    private readonly object _lock = new();

    public static ConsoleLogging Default { get; } = new(Console.Error, TimeProvider.System);

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one place to log to, and it is known.
    }

    public void Dispose()
    {
        // The stream belongs to the process.
    }

    private void Write(LogLevel level, string text, Exception? exception)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level)} {OneLine(text)}");
        if (exception is not null)
        {
            line += ": " + OneLine(exception.ToString());
        }

        lock (_lock)
        {
            output.WriteLine(line);
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" | ");

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => "debug",
    };

    private sealed class Logger(ConsoleLogging owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Write(logLevel, formatter(state, exception), exception);
            }
        }
    }
}
