using Milter.Limits;
using Milter.Output;
using Milter.Session;

namespace Milter.Tests;

/// <summary>A conversation without a connection, for counts: handlers that suspend are no part of it.</summary>
internal sealed class PlayedConversation : ISessionHost, IByteSink, IDisposable
{
    private readonly Outbox _output;
    private readonly Conversation _conversation;

    public PlayedConversation(SessionSettings settings)
    {
        _output = new Outbox(settings.Options.MaxBufferedOutput, new ByteBudget(0));
        _conversation = new Conversation(settings, this, _output, "c1", "test");
    }

    /// <summary>Sends whole frames, and takes the answers.</summary>
    /// <returns>How many bytes were answered.</returns>
    public int Play(ReadOnlyMemory<byte> frames)
    {
        SessionStatus status = _conversation.Process(frames, 0);
        long owed = _output.Unsent;
        if (status != SessionStatus.NeedMore || _conversation.Consumed != frames.Length || owed == 0)
        {
            throw new InvalidOperationException($"{status}, {_conversation.Consumed} of {frames.Length} bytes used, {owed} bytes owed");
        }

        _output.Flush(this);
        return (int)owed;
    }

    public int TryWrite(ReadOnlySpan<byte> bytes) => bytes.Length;

    public void SendNow(ReadOnlySpan<byte> frames)
    {
    }

    public void TurnCompleted()
    {
    }

    public void Dispose() => _output.Dispose();
}
