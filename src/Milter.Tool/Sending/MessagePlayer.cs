using System.Diagnostics;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>A message as the filter took it.</summary>
internal sealed record PlayedMessage(string Name, MailTransaction Message, MtaPersonality Mta, MilterAgreement Agreement, MilterOutcome Outcome, TimeSpan Negotiated, IReadOnlyList<TimeSpan?> Times)
{
    /// <summary>Gets how long the MTA has waited in all, the negotiation apart.</summary>
    public TimeSpan Waited => Times.Aggregate(TimeSpan.Zero, (sum, time) => sum + (time ?? TimeSpan.Zero));

    public int ExitCode => Outcome.Verdict switch
    {
        MilterVerdict.Reject => Tool.ExitCode.Refused,
        MilterVerdict.TempFail => Tool.ExitCode.TempFailed,
        MilterVerdict.Discard => Tool.ExitCode.Discarded,
        _ => Tool.ExitCode.Passed,
    };
}

/// <summary>Tells a message to a filter, in a session of its own.</summary>
internal sealed class MessagePlayer(Func<MilterClientOptions, CancellationToken, Task<MilterConnection>> open, MailSettings settings)
{
    public async Task<PlayedMessage> PlayAsync(SourceMessage source, CancellationToken cancellation)
    {
        var clock = new ReplyClock();
        MailTransaction message = MessageSource.ToTransaction(source, settings);
        await using MilterConnection connection = await open(settings.Client with { Trace = clock.See }, cancellation);
        SmtpSession session = settings.NewSession();
        StepReply connect = await connection.ConnectAsync(session, cancellation);
        StepReply helo = await connection.HeloAsync(session.HeloName, cancellation);
        MilterOutcome outcome = await connection.FilterAsync(message, cancellation);
        await connection.QuitAsync(cancellation);

        outcome = outcome with { Steps = [connect, helo, .. outcome.Steps] };
        var times = new Queue<TimeSpan>(clock.Times);
        TimeSpan negotiated = times.Dequeue();
        TimeSpan?[] each = [.. outcome.Steps.Select(step => step.Treatment == StepTreatment.Replied && times.TryDequeue(out TimeSpan time) ? time : (TimeSpan?)null)];
        return new PlayedMessage(source.Name, message, settings.Client.Personality, connection.Agreement, outcome, negotiated, each);
    }
}

/// <summary>Takes the time from each command to its reply.</summary>
internal sealed class ReplyClock
{
    private long _sent;

    public List<TimeSpan> Times { get; } = [];

    public void See(bool fromFilter, byte code, ReadOnlySpan<byte> payload)
    {
        if (!fromFilter)
        {
            _sent = Stopwatch.GetTimestamp();
        }
        else if ((MilterReply)code != MilterReply.Progress && !ModificationReader.IsModification((MilterReply)code))
        {
            Times.Add(Stopwatch.GetElapsedTime(_sent));
        }
    }
}
