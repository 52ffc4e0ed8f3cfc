using System.ComponentModel;

namespace Milter.CompilerServices;

/// <summary>What generated code implements: one call a stage. Not for use by hand.</summary>
/// <remarks>
/// The engine calls a stage only where <see cref="MilterDescriptor.Handles"/> has it. New members come with a body, so that older generated code goes on to work.
/// A call that completes synchronously must not allocate.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMilterDispatcher
{
    /// <summary>CONNECT.</summary>
    /// <param name="step">What there is at this stage.</param>
    /// <returns>The verdict of its handlers.</returns>
    ValueTask<Verdict> OnConnect(StepContext step) => default;

    /// <summary>HELO.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnHelo(StepContext step) => default;

    /// <summary>MAIL.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnMail(StepContext step) => default;

    /// <summary>RCPT.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnRcpt(StepContext step) => default;

    /// <summary>RCPT of a recipient that the MTA refused. What it returns is ignored.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnRejectedRcpt(StepContext step) => default;

    /// <summary>DATA.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnData(StepContext step) => default;

    /// <summary>HEADER.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnHeader(StepContext step) => default;

    /// <summary>EOH.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnEoh(StepContext step) => default;

    /// <summary>BODY. Skip means that every handler of the body has had enough.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnBody(StepContext step) => default;

    /// <summary>EOM.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnEom(StepContext step) => default;

    /// <summary>UNKNOWN.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnUnknown(StepContext step) => default;

    /// <summary>ABORT. What it returns is ignored.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnAbort(StepContext step) => default;

    /// <summary>The end of a message. What it returns is ignored.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnMessageEnd(StepContext step) => default;

    /// <summary>The end of the session. What it returns is ignored.</summary>
    /// <inheritdoc cref="OnConnect"/>
    ValueTask<Verdict> OnClose(StepContext step) => default;

    /// <summary>Resets the members marked with <see cref="PerMessageAttribute"/>, where none of them has to be awaited. Called by <see cref="ResetMessageAsync"/>, and by nobody else.</summary>
    /// <exception cref="InvalidOperationException">A member could not be reset; the others are.</exception>
    /// <exception cref="AggregateException">Several members could not be reset; the others are.</exception>
    /// <exception cref="NotSupportedException">A member has to be disposed of asynchronously.</exception>
    void ResetMessage()
    {
    }

    /// <summary>Resets the members marked with <see cref="PerMessageAttribute"/>: each by itself, and sets it before the old value is disposed of. An instance for which this throws must not be used again.</summary>
    /// <returns>Completed when all are reset.</returns>
    /// <exception cref="InvalidOperationException">A member could not be reset; the others are.</exception>
    /// <exception cref="AggregateException">Several members could not be reset; the others are.</exception>
    ValueTask ResetMessageAsync()
    {
        ResetMessage();
        return default;
    }
}
