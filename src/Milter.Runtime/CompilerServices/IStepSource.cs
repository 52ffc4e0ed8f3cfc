using Milter.Message;

namespace Milter.CompilerServices;

/// <summary>What a step is about, for <see cref="StepContext"/>: asked while handlers run.</summary>
internal interface IStepSource
{
    /// <summary>Gets what handlers see of the frame: raw address, value, chunk, command.</summary>
    ReadOnlyMemory<byte> Data { get; }

    /// <summary>Gets <see cref="Data"/> without the way over a memory, which costs as much as a short handler.</summary>
    ReadOnlySpan<byte> DataBytes { get; }

    /// <summary>Gets the name of the header field at HEADER.</summary>
    ReadOnlySpan<byte> NameBytes { get; }

    /// <summary>Gets the sender at MAIL, the recipient at RCPT.</summary>
    EnvelopeAddress Address { get; }

    /// <summary>Gets the stage whose handlers run.</summary>
    MilterStages Stage { get; }

    /// <summary>Gets what binders have made of the message.</summary>
    BoundValues Values { get; }

    SessionFacts Facts { get; }

    MilterContext Context { get; }

    MessageState Message { get; }

    EditPlan Plan { get; }

    /// <summary>Gets how the message has ended, at its end.</summary>
    MessageOutcome Outcome { get; }

    CancellationToken Cancellation { get; }

    /// <summary>Gets the services of the message in a message's stages, of the session otherwise.</summary>
    IServiceProvider Services { get; }

    /// <summary>Gets a value indicating whether every body handler has had enough.</summary>
    bool AllSkipped { get; }

    bool HasSkipped(int consumer);

    void MarkSkipped(int consumer);
}
