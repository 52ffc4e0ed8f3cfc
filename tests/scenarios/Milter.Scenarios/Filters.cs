// These filters are here to block, to fail and to come late.
#pragma warning disable MILTER120

using Microsoft.Extensions.DependencyInjection;
using Milter.Protocol;

namespace Milter.Scenarios;

/// <summary>Decides at the end of a message, and does before what the message's <c>X-Do</c> says.</summary>
[Milter]
internal sealed partial class DoingFilter
{
    [OnEom]
    private static ValueTask<Verdict> End([Header("X-Do")] string? deeds, CancellationToken token) => Deeds.DoAsync(deeds, token);
}

/// <summary>Has a reply of 900 bytes for each command that the MTA does not know.</summary>
[Milter]
internal sealed partial class AmplifyingFilter
{
    private static readonly Verdict s_answer = Verdict.Reject(550, "5.7.1", new string('x', 900));

    [OnUnknown]
    private static Verdict Unknown(ReadOnlySpan<byte> command) => s_answer;

    [OnEom]
    private static ValueTask<Verdict> End([Header("X-Do")] string? deeds, CancellationToken token) => Deeds.DoAsync(deeds, token);
}

/// <summary>Gives a message a body of as many bytes as its <c>X-Size</c> says, piece by piece.</summary>
[Milter]
internal sealed partial class RewritingFilter
{
    private static readonly byte[] s_piece = Pieces.Make();

    [OnEom]
    private static Verdict End([Header("X-Size")] string? size, BodyEditor body)
    {
        if (size is not null)
        {
            body.Clear();
            for (int left = Pieces.Count(size); left > 0; left--)
            {
                body.Append(s_piece);
            }
        }

        return Verdict.Continue;
    }
}

/// <summary>The same with the actions of libmilter's names.</summary>
[Milter]
internal sealed partial class ReplacingFilter
{
    private static readonly byte[] s_piece = Pieces.Make();

    [OnEom]
    private static Verdict End([Header("X-Size")] string? size, [Needs(MilterActions.ChangeBody)] MessageActions actions)
    {
        for (int left = Pieces.Count(size); left > 0; left--)
        {
            actions.ReplaceBody(s_piece);
        }

        return Verdict.Continue;
    }
}

/// <summary>Looks at pieces of a body; a piece that begins with <c>LATE</c> after its time is spent, a second time.</summary>
[Milter]
internal sealed partial class LateFilter
{
    [OnBody]
    private static async ValueTask<Verdict> Piece(ReadOnlyMemory<byte> piece)
    {
        if (piece.Span.StartsWith("LATE"u8))
        {
            Notes.Add(piece.Span[..24]);
            Thread.Sleep(1_000);
            await Task.Delay(3_000, CancellationToken.None);
            Notes.Add(piece.Span[..24]);
        }
        else
        {
            Thread.Sleep(30);
        }

        return Verdict.Continue;
    }
}

/// <summary>Counts the bytes of a body's pieces, however large, and says them in its verdict.</summary>
[Milter]
internal sealed partial class CountingFilter
{
    [PerMessage]
    private long _bytes;

    [OnBody]
    private void Piece(ReadOnlySpan<byte> piece) => _bytes += piece.Length;

    [OnEom]
    private async ValueTask<Verdict> End([Header("X-Do")] string? deeds, CancellationToken token)
    {
        _ = await Deeds.DoAsync(deeds, token);
        return Verdict.Reject(550, "5.7.1", $"{_bytes} bytes");
    }
}

/// <summary>Takes the envelope, so that recipients are kept.</summary>
[Milter]
internal sealed partial class EnvelopeFilter
{
    [OnEom]
    private static Verdict End(MessageEnvelope envelope)
    {
        Notes.Add($"{envelope.Recipients.Count} recipients");
        return Verdict.Continue;
    }
}

/// <summary>Takes the body, and says how much of it there was.</summary>
[Milter]
internal sealed partial class BodyFilter
{
    [OnEom]
    private static Verdict End(MessageBody body)
    {
        Notes.Add(body.IsAvailable ? $"{body.Length} bytes" : "not available");
        return Verdict.Continue;
    }
}

/// <summary>Comes back to its context when the message is long over.</summary>
[Milter]
internal sealed partial class ContextFilter
{
    [OnEom]
    private static Verdict End([Header("X-Do")] string? deeds, MilterContext context)
    {
        if (deeds is not null)
        {
            Notes.Add("before " + context.QueueId);
            Thread.Sleep(1_500);
            try
            {
                Notes.Add("late " + context.QueueId);
            }
            catch (InvalidOperationException)
            {
                Notes.Add("late refused");
            }
        }

        return Verdict.Continue;
    }
}

/// <summary>Takes a service of the message whose end does not come.</summary>
[Milter]
internal sealed partial class ScopedFilter
{
    [OnEom]
    private static Verdict End([FromServices] HangingService service) => service.IsThere ? Verdict.Continue : Verdict.TempFail();
}

/// <summary>A service that waits for somebody who is gone when it is disposed of.</summary>
internal sealed class HangingService : IAsyncDisposable
{
    private readonly TaskCompletionSource _never = new();

    public bool IsThere => !_never.Task.IsCompleted;

    public ValueTask DisposeAsync() => new(_never.Task);
}
