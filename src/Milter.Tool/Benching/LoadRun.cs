using System.Diagnostics;
using Milter.Client;

namespace Milter.Tool;

/// <summary>A load: connections that tell messages one after the other, all at a time.</summary>
internal sealed class LoadRun(string endPoint, MilterClientOptions options, Workload workload, int connections, int perSession)
{
    private readonly LoadSampler _sampler = new();
    private long _done;
    private long _errors;

    public long Done => Interlocked.Read(ref _done);

    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Gets the first thing that went wrong.</summary>
    public string? FirstError { get; private set; }

    public Histogram Messages { get; } = new();

    /// <summary>Gets the times of sessions to be opened and negotiated.</summary>
    public Histogram Openings { get; } = new();

    public Dictionary<MilterVerdict, long> Verdicts { get; } = [];

    public TimeSpan Elapsed { get; private set; }

    /// <summary>Gets how it went from moment to moment.</summary>
    public IReadOnlyList<LoadSample> Samples => _sampler.Samples;

    /// <summary>Runs until so many messages were told, time is over, or it is interrupted: what was measured until then is there.</summary>
    public async Task RunAsync(long messages, TimeSpan duration, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        long next = 0;
        Worker[] workers = [.. Enumerable.Range(0, connections).Select(_ => new Worker(this))];
        Task load = Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunAsync(Take, cancellation), CancellationToken.None)));
        await _sampler.FollowAsync(load, start, () => Done);
        await load;
        Elapsed = Stopwatch.GetElapsedTime(start);
        foreach (Worker worker in workers)
        {
            Messages.Add(worker.Messages);
            Openings.Add(worker.Openings);
            foreach ((MilterVerdict verdict, long count) in worker.Verdicts)
            {
                Verdicts[verdict] = Verdicts.GetValueOrDefault(verdict) + count;
            }
        }

        int Take() => !cancellation.IsCancellationRequested && Stopwatch.GetElapsedTime(start) < duration && Interlocked.Increment(ref next) is var number && number <= messages ? (int)number : -1;
    }

    private sealed class Worker(LoadRun run)
    {
        public Histogram Messages { get; } = new();

        public Histogram Openings { get; } = new();

        public Dictionary<MilterVerdict, long> Verdicts { get; } = [];

        public async Task RunAsync(Func<int> take, CancellationToken cancellation)
        {
            for (int number = take(); number >= 0;)
            {
                try
                {
                    number = await SessionAsync(number, take, cancellation);
                }
                catch (MilterClientException exception)
                {
                    Interlocked.Increment(ref run._errors);
                    run.FirstError ??= exception.Message;
                    number = exception.Error == MilterClientError.Refused ? -1 : take();
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // The message that it came in is not counted.
                    return;
                }
            }
        }

        private async Task<int> SessionAsync(int number, Func<int> take, CancellationToken cancellation)
        {
            long start = Stopwatch.GetTimestamp();
            await using MilterConnection connection = await MilterConnection.OpenAsync(run.EndPoint, run.Options, cancellation);
            Openings.Add(Stopwatch.GetElapsedTime(start));
            SmtpSession session = SmtpClientText.Parse(SmtpClientText.Default);
            await connection.ConnectAsync(session, cancellation);
            await connection.HeloAsync("client.example.test", cancellation);
            for (int i = 0; i < run.PerSession && number >= 0; i++)
            {
                await MessageAsync(connection, number, cancellation);
                number = take();
            }

            await connection.QuitAsync(cancellation);
            return number;
        }

        private async Task MessageAsync(MilterConnection connection, int number, CancellationToken cancellation)
        {
            MailTransaction message = run.Load.Message(number);
            long start = Stopwatch.GetTimestamp();
            if (run.Load.IsAborted(number))
            {
                StepReply mail = await connection.MailAsync(message, cancellation);
                if (!mail.IsRefusal)
                {
                    await connection.RcptAsync(message.Recipients[0], cancellation);
                    await connection.AbortAsync(cancellation);
                }
            }
            else
            {
                MilterOutcome outcome = await connection.FilterAsync(message, cancellation);
                Verdicts[outcome.Verdict] = Verdicts.GetValueOrDefault(outcome.Verdict) + 1;
            }

            TimeSpan time = Stopwatch.GetElapsedTime(start);
            Messages.Add(time);
            run._sampler.Add(time);
            Interlocked.Increment(ref run._done);
        }
    }

    private string EndPoint => endPoint;

    private MilterClientOptions Options => options;

    private Workload Load => workload;

    private int PerSession => perSession;
}
