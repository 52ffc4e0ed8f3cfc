using Milter.Message;
using Milter.Output;

namespace Milter.Session;

/// <summary>What the parts of a conversation share. One object, since there are as many as connections: the parts that keep nothing themselves are views of it.</summary>
internal sealed class ConversationParts
{
    public ConversationParts(SessionSettings settings, ISessionHost host, Outbox output, SessionFacts facts)
    {
        Settings = settings;
        Output = output;
        Frame = new StepFrame();
        Message = new MessageCycle(settings);
        Standing = new Standing(settings);
        Turns = new FilterTurns(settings, host, Frame, Message, facts);
    }

    public SessionSettings Settings { get; }

    public Outbox Output { get; }

    /// <summary>Gets the frame at hand.</summary>
    public StepFrame Frame { get; }

    public MessageCycle Message { get; }

    public Standing Standing { get; }

    public FilterTurns Turns { get; }
}
