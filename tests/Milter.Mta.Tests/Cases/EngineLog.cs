using Microsoft.Extensions.Logging;

namespace Milter.Mta.Tests;

/// <summary>Keeps what the engine logs, from Information on.</summary>
public sealed class EngineLog : ILoggerFactory
{
    private readonly Journal _lines = new();

    /// <summary>The lines, each with its level before it.</summary>
    public IReadOnlyList<string> Lines => _lines.Entries;

    /// <summary>The lines that say that something is wrong.</summary>
    public IReadOnlyList<string> Complaints => [.. Lines.Where(line => !line.StartsWith(nameof(LogLevel.Information), StringComparison.Ordinal))];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(Journal lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
