using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Milter.Hosting;

/// <summary>Logging of a program without a host: a line an entry on the standard error stream, from Information on. Lines for the journal begin with their level in its form (sd-daemon(3)), and leave the time to it.</summary>
internal sealed class ConsoleLogging(TextWriter output, TimeProvider time, bool isJournal = false) : ILoggerFactory
{
    // Entries of the engine's own have the ids of connection and message in their text.
    private const string OwnCategories = "Milter.";

    private readonly object _lock = new();
    private readonly LoggerExternalScopeProvider _scopes = new();

    public static ConsoleLogging Default { get; } = new(Console.Error, TimeProvider.System, IsJournal(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), ErrorStream()));

    public ILogger CreateLogger(string categoryName) => new Logger(this, showsScopes: !categoryName.StartsWith(OwnCategories, StringComparison.Ordinal));

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one place to log to, and it is known.
    }

    public void Dispose()
    {
        // The stream belongs to the process.
    }

    /// <summary>Says whether a stream is the one that systemd has connected to its journal (systemd.exec(5)).</summary>
    /// <param name="told">What systemd says of it: device and inode, <c>JOURNAL_STREAM</c>.</param>
    /// <param name="link">What the descriptor is, as <c>/proc/self/fd</c> says it.</param>
    internal static bool IsJournal(string? told, string? link) => told?.Split(':') is [_, { Length: > 0 } inode] && link == $"socket:[{inode}]";

    private static string? ErrorStream()
    {
        try
        {
            return OperatingSystem.IsLinux() ? new FileInfo("/proc/self/fd/2").LinkTarget : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without /proc it can't be told.
            return null;
        }
    }

    private void Write(LogLevel level, string text, Exception? exception)
    {
        string line = isJournal
            ? $"<{Priority(level)}>{OneLine(text)}"
            : string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level)} {OneLine(text)}");
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

    // The severities of syslog (RFC 5424 section 6.2.1).
    private static char Priority(LogLevel level) => level switch
    {
        LogLevel.Information => '6',
        LogLevel.Warning => '4',
        LogLevel.Error => '3',
        LogLevel.Critical => '2',
        _ => '7',
    };

    private sealed class Logger(ConsoleLogging owner, bool showsScopes) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Write(logLevel, showsScopes ? Scopes() + formatter(state, exception) : formatter(state, exception), exception);
            }
        }

        private string Scopes()
        {
            var scopes = new List<object?>();
            owner._scopes.ForEachScope(static (scope, list) => list.Add(scope), scopes);
            return scopes.Count == 0 ? "" : $"{string.Join(' ', scopes)}: ";
        }
    }
}
