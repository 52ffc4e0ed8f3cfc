using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Milter.Scenarios;

/// <summary>Counts entries by their id, tells them on the standard error stream from Information on, and throws when it is asked to.</summary>
internal sealed class EventLog : ILoggerFactory, ILogger
{
    private static readonly ConcurrentDictionary<int, int> s_counts = new();
    private static int s_warnings;

    public static string Counts => $"{Volatile.Read(ref s_warnings)} {string.Join(' ', s_counts.Select(static pair => $"{pair.Key}={pair.Value}"))}";

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) =>
        Switches.Logger ? throw new ObjectDisposedException("The log's provider") : logLevel >= LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        s_counts.AddOrUpdate(eventId.Id, 1, static (_, count) => count + 1);
        if (logLevel >= LogLevel.Warning)
        {
            Interlocked.Increment(ref s_warnings);
        }

        if (logLevel >= LogLevel.Information && s_counts[eventId.Id] <= 20)
        {
            Console.Error.WriteLine($"{logLevel} [{eventId.Id}] {formatter(state, exception)}{(exception is null ? "" : " " + exception.GetType().Name + ": " + exception.Message)}");
        }
    }
}
