using Microsoft.Extensions.Logging;

namespace Milter.Testing;

/// <summary>Keeps what is logged.</summary>
internal sealed class TestLog : ILogger, ILoggerFactory
{
    private readonly List<TestLogEntry> _entries = [];

    public IReadOnlyList<TestLogEntry> Take()
    {
        lock (_entries)
        {
            TestLogEntry[] entries = [.. _entries];
            _entries.Clear();
            return entries;
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_entries)
        {
            _entries.Add(new TestLogEntry(logLevel, eventId.Id, formatter(state, exception), exception));
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // What is logged stays here.
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
