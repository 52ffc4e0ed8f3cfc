using Milter.CompilerServices;
using Milter.Protocol;

namespace Milter;

/// <summary>What a binder makes its value of: what was collected of the message, as far as <see cref="NeedsAttribute"/> on the binder asks for it.</summary>
/// <remarks>Valid until the handlers of the stage have returned; later its members throw. What is not asked for there is empty, unless a handler asks for it as well.</remarks>
public sealed class MessageBindingContext
{
    private readonly StepContext _step;

    internal MessageBindingContext(StepContext step) => _step = step;

    /// <summary>Gets the envelope: sender and recipients that this filter let pass. Asked for by <see cref="NeedsAttribute.Envelope"/>.</summary>
    public MessageEnvelope Envelope => _step.Envelope;

    /// <summary>Gets the header fields. Asked for by <see cref="NeedsAttribute.Headers"/>.</summary>
    public MessageHeaders Headers => _step.Headers;

    /// <summary>Gets the body, at EOM. Asked for by <see cref="NeedsAttribute.Body"/>.</summary>
    public MessageBody Body => _step.Body;

    /// <summary>Gets what there is to know about connection and message; its <see cref="MilterContext.GetMacro"/> looks up the macros that <see cref="NeedsAttribute.Macros"/> asks for.</summary>
    public MilterContext Connection => _step.Context;

    /// <summary>Gets the editor of the header at EOM, or <see langword="null"/> where neither adding nor changing fields is agreed.</summary>
    public HeaderEditor? HeaderEditor => OffersAny(MilterActions.AddHeaders | MilterActions.ChangeHeaders) ? _step.HeaderEditor : null;

    /// <summary>Gets the editor of the envelope at EOM, or <see langword="null"/> where none of its actions is agreed.</summary>
    public EnvelopeEditor? EnvelopeEditor => OffersAny(MilterActions.AddRecipients | MilterActions.DeleteRecipients | MilterActions.ChangeSender) ? _step.EnvelopeEditor : null;

    /// <summary>Gets the editor of the body at EOM, or <see langword="null"/> where changing the body is not agreed.</summary>
    public BodyEditor? BodyEditor => _step.BodyEditorIfOffered;

    /// <summary>Gets the services of the message.</summary>
    public IServiceProvider Services => _step.MessageServices;

    /// <summary>Gets the token that fires when the time is up, the MTA is gone or the server is forced to stop.</summary>
    public CancellationToken CancellationToken => _step.Cancellation;

    /// <summary>Says whether actions were agreed on.</summary>
    /// <param name="actions">The actions.</param>
    /// <returns>Whether all of them may be sent.</returns>
    public bool Offers(MilterActions actions) => _step.Offers(actions);

    private bool OffersAny(MilterActions actions) => (_step.Context.Actions & actions) != 0;
}
