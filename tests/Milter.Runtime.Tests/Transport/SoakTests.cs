using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Milter.Protocol;
using Xunit.Abstractions;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects a filter that runs for months: whatever its clients and handlers do, each message ends once, and memory stays what it was.</summary>
/// <remarks>Short by default; <c>tests/soak/run.sh</c> says how long it goes on. Not in parallel with others, whose memory would be counted.</remarks>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true), Collection(nameof(SoakTests))]
[SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const long MostGrowth = 16L << 20;

    private static readonly byte[] s_abort = Mta.Frames(CommandWriter.Abort);

    private readonly Expiries _expiries = new();
    private int _sent;
    private int _resets;

    [Fact]
    public async Task Each_message_ends_once_and_memory_stays_flat()
    {
        int messages = Number("ATTRMILTER_SOAK_MESSAGES", 1_500), seed = Number("ATTRMILTER_SEED", 1);
        var book = new Book();
        await using MilterServer server = await MilterServer.StartAsync(
            "inet:0@localhost",
            () => new SoakFilter(book),
            options =>
            {
                options.CommandBudget = TimeSpan.FromMilliseconds(200);
                options.EndOfMessageBudget = TimeSpan.FromMilliseconds(200);
                options.ExpiryGrace = TimeSpan.Zero;
            },
            _expiries);
        await PlayAsync(server, messages / 3, seed);
        await book.SettleAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await PlayAsync(server, messages, seed + 1);
        await book.SettleAsync();
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{book.Begun} messages were shown to the filter, {book.Ended} ended ({string.Join(", ", book.Outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}); {_resets} connections were reset; {growth / 1024} KiB of memory more than after the first third"));
        Assert.Equal(0, book.Twice);
        Assert.Equal(book.Begun, book.Ended);
        Assert.True(growth < MostGrowth, $"{growth} bytes more");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    private async Task PlayAsync(MilterServer server, int messages, int seed)
    {
        _sent = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + i);
            while (Volatile.Read(ref _sent) < messages)
            {
                await ConverseAsync(server.EndPoint, random, messages);
            }
        })));
    }

    private async Task ConverseAsync(MilterEndPoint endPoint, Random random, int messages)
    {
        using Mta mta = await Mta.ConnectAsync(endPoint);
        Assert.Equal("Occ", await mta.SayAsync(Mta.UpToMail[..^Mta.Mail.Length], 3));
        for (int left = random.Next(1, 30); left > 0; left--)
        {
            int number = Interlocked.Increment(ref _sent);
            if (number > messages)
            {
                break;
            }

            string kind = random.Next(100) switch { 0 => "late", < 4 => "throw", < 8 => "refuse", _ => "pass" };
            string id = $"Q{number}";
            await mta.SendAsync(Mta.Frames(buffer =>
            {
                CommandWriter.Macros(buffer, MilterCommand.Mail, [KeyValuePair.Create("i", id)]);
                CommandWriter.Mail(buffer, $"<{kind}@example.org>");
            }));
            int way = random.Next(20);
            switch (way)
            {
                case 0:
                    // Given up after the envelope.
                    await mta.SendAsync([.. Mta.Rcpt, .. s_abort]);
                    string envelope = await mta.ReadAsync(2);
                    Assert.True(envelope is "cc" or "tt" || IsOfMachine(id, envelope), envelope);
                    continue;
                case 1:
                    Interlocked.Increment(ref _resets);
                    await mta.SendAsync(Mta.Rcpt);
                    mta.Reset();
                    return;
                case 2:
                    // In pieces, and nothing is read meanwhile.
                    await mta.SendAsync(Mta.Rcpt);
                    foreach (byte[] piece in Mta.Content.Chunk(7))
                    {
                        await mta.SendAsync(piece);
                        await Task.Yield();
                    }

                    break;
                default:
                    await mta.SendAsync([.. Mta.Rcpt, .. Mta.Content]);
                    break;
            }

            // MAIL, RCPT, DATA, HEADER, EOH, BODY, EOM. Where a handler of the connection is late still, its messages are put off.
            string replies = await mta.ReadAsync(7);
            bool isPutOff = replies[0] == 't';
            string wanted = kind switch { "pass" => "ccccccc", "refuse" => "ccccccr", _ => "cccccct" };
            Assert.True(isPutOff || replies == wanted || IsOfMachine(id, replies), $"{kind}: {replies}");
            await mta.SendAsync(s_abort);
        }

        await mta.SendAsync(Mta.Quit);
        Assert.Equal("", await mta.ReadToEndAsync());
    }

    // Budgets are short and real: a thread that waits for a processor makes any handler late, and the log names its message.
    private bool IsOfMachine(string id, string replies) => _expiries.Has(id) && replies.TrimStart('c').Trim('t').Length == 0;

    /// <summary>Keeps whose handlers were late.</summary>
    private sealed class Expiries : IServiceProvider, ILoggerFactory, ILogger
    {
        private readonly ConcurrentDictionary<string, bool> _ids = new();

        public bool Has(string id) => _ids.ContainsKey(id);

        public object? GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? this : null;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 205 && state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                _ids[$"{values.First(static value => value.Key == "QueueId").Value}"] = true;
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Who has begun and not ended.</summary>
    internal sealed class Book
    {
        private readonly ConcurrentDictionary<long, bool> _open = new();
        private long _begun;
        private long _ended;
        private int _twice;

        public ConcurrentDictionary<MessageOutcome, int> Outcomes { get; } = new();

        public long Begun => Volatile.Read(ref _begun);

        public long Ended => Volatile.Read(ref _ended);

        public int Twice => _twice;

        public long Begin()
        {
            long number = Interlocked.Increment(ref _begun);
            _open[number] = true;
            return number;
        }

        public void End(long number, MessageOutcome outcome)
        {
            if (!_open.TryRemove(number, out _))
            {
                Interlocked.Increment(ref _twice);
            }

            Outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
            Interlocked.Increment(ref _ended);
        }

        /// <summary>Waits for handlers that are late, and what is owed after them.</summary>
        public async Task SettleAsync()
        {
            for (int i = 0; i < 2_400 && Ended < Begun; i++)
            {
                await Task.Delay(50);
            }
        }
    }
}

/// <summary>Does what the sender's name says.</summary>
[Milter]
internal sealed partial class SoakFilter(SoakTests.Book book)
{
    [PerMessage]
    private long _number;

    [OnMail]
    private Verdict Mail()
    {
        _number = book.Begin();
        return Verdict.Continue;
    }

    [OnRcpt]
    private static Verdict Rcpt() => Verdict.Continue;

    [OnHeader]
    private static Verdict Header(HeaderField field) => field.Name.Length > 0 ? Verdict.Continue : Verdict.TempFail();

    [OnBody]
    private static Verdict Body(ReadOnlySpan<byte> chunk) => chunk.Length >= 0 ? Verdict.Continue : Verdict.TempFail();

    [OnEom]
    private static async ValueTask<Verdict> End(MessageEnvelope envelope, MessageBody body, CancellationToken cancellation)
    {
        string sender = envelope.Sender.Address;
        if (sender.StartsWith("late", StringComparison.Ordinal))
        {
            // Until its time is over, and some more.
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning disable MILTER113
            await Task.Delay(700, CancellationToken.None);
#pragma warning restore MILTER113
            cancellation.ThrowIfCancellationRequested();
        }

        return sender.StartsWith("throw", StringComparison.Ordinal) ? throw new InvalidOperationException("As asked for.")
            : sender.StartsWith("refuse", StringComparison.Ordinal) ? Verdict.Reject()
            : body.Length >= 0 ? Verdict.Continue
            : Verdict.TempFail();
    }

    [OnMessageEnd]
    private void Ended(MessageOutcome outcome) => book.End(_number, outcome);
}
