using Milter.CompilerServices;
using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>What a binder makes its value of: what is known of the message, as far as <see cref="NeedsAttribute"/> on the binder asks for it.</summary>
/// <remarks>
/// One a message, valid until the message ends; later its members throw <see cref="InvalidOperationException"/>, and to a handler whose time was up
/// <see cref="OperationCanceledException"/>. What is not asked for is empty, unless a handler asks for it as well.
/// </remarks>
public sealed class MessageBindingContext
{
    private StepContext? _live;

    internal MessageBindingContext(StepContext step) => _live = step;

    /// <summary>Gets the stage whose handlers run, or have run where a value is completed.</summary>
    public MilterStages Stage => Step.Stage;

    /// <summary>Gets the envelope: sender and recipients that this filter let pass, as far as they are known at the stage. Asked for by <see cref="NeedsAttribute.Envelope"/>.</summary>
    public MessageEnvelope Envelope => Step.Envelope;

    /// <summary>Gets the header fields, whole from EOH on. Asked for by <see cref="NeedsAttribute.Headers"/>.</summary>
    public MessageHeaders Headers => Step.Headers;

    /// <summary>Gets the body, at EOM. Asked for by <see cref="NeedsAttribute.Body"/>.</summary>
    public MessageBody Body => Step.Body;

    /// <summary>Gets the SMTP client, made up as <see cref="ConnectInfo.Unknown"/> where the MTA sent no CONNECT. Asked for by <see cref="NeedsAttribute.Client"/>.</summary>
    public ConnectInfo Client => Step.ConnectOrUnknown;

    /// <summary>Gets the HELO name, or <see langword="null"/> where there was none. Asked for by <see cref="NeedsAttribute.Helo"/>.</summary>
    public string? Helo => Step.HeloText;

    /// <summary>Gets what there is to know about connection and message; its <see cref="MilterContext.GetMacro"/> looks up the macros that <see cref="NeedsAttribute.Macros"/> asks for.</summary>
    public MilterContext Connection => Step.Context;

    /// <summary>Gets a value indicating whether <see cref="OpenMessage"/> has what stands between colon and value as the sender wrote it: <c>SMFIP_HDR_LEADSPC</c> was agreed. Asked for by <see cref="NeedsAttribute.HeaderSpace"/>.</summary>
    /// <value>Where <see langword="false"/>, one space stands there, which is right for most fields and not for all.</value>
    public bool HasHeaderSpace => Step.HasHeaderSpace;

    /// <summary>Gets the editor of the header at EOM, or <see langword="null"/> where neither adding nor changing fields is agreed.</summary>
    public HeaderEditor? HeaderEditor => OffersAny(MilterActions.AddHeaders | MilterActions.ChangeHeaders) ? Step.HeaderEditor : null;

    /// <summary>Gets the editor of the envelope at EOM, or <see langword="null"/> where none of its actions is agreed.</summary>
    public EnvelopeEditor? EnvelopeEditor => OffersAny(MilterActions.AddRecipients | MilterActions.DeleteRecipients | MilterActions.ChangeSender) ? Step.EnvelopeEditor : null;

    /// <summary>Gets the editor of the body at EOM, or <see langword="null"/> where changing the body is not agreed.</summary>
    public BodyEditor? BodyEditor => Step.BodyEditorIfOffered;

    /// <summary>Gets the services of the message.</summary>
    public IServiceProvider Services => Step.MessageServices;

    /// <summary>Gets the token of the handlers that run: it fires when the time is up, the MTA is gone or the server is forced to stop.</summary>
    public CancellationToken CancellationToken => Step.Cancellation;

    private StepContext Step
    {
        get
        {
            Late.ThrowUnless(_live is not null, nameof(MessageBindingContext), "the message ends");
            return _live!;
        }
    }

    /// <summary>Says whether actions were agreed on.</summary>
    /// <param name="actions">The actions.</param>
    /// <returns>Whether all of them may be sent.</returns>
    public bool Offers(MilterActions actions) => Step.Offers(actions);

    /// <summary>Opens the message as it came, at EOM: the header fields, a blank line, the body. Every stream has its own position. Asked for by <see cref="NeedsAttribute.Headers"/> and <see cref="NeedsAttribute.Body"/>.</summary>
    /// <remarks>
    /// The fields are those that the MTA shows, in their order; the Received that it adds itself is not among them. Line ends, those of folds included, are CR LF. <see cref="HasHeaderSpace"/>
    /// says whether the white space behind colons is the sender's. The body begins at the stream's length minus <see cref="MessageBody.Length"/>, and is read from where it is kept: a body in a
    /// temporary file is not read into memory.
    /// </remarks>
    /// <returns>A seekable stream that can't be written; disposing of it is not needed. It throws once the message has ended.</returns>
    /// <exception cref="InvalidOperationException">The body is not available (<see cref="MessageBody.IsAvailable"/>) or not complete before EOM, the message has ended, or header fields and body are not both asked for.</exception>
    public Stream OpenMessage() => Step.OpenMessage();

    /// <summary>Opens the message as the edits that this filter has asked for by now will have it delivered, at EOM: for who signs it. Later edits do not show. Asked for as <see cref="OpenMessage"/>.</summary>
    /// <remarks>A completion with the <see cref="IMessageBinder{TSelf, TValue}.CompletionOrder"/> <see cref="int.MaxValue"/> sees the edits of all others. What other filters and the MTA itself change later, such as lines of more than 998 bytes, nobody can know.</remarks>
    /// <param name="unforeseen">Why it can't be said for certain what is delivered (raw positions of <see cref="Milter.HeaderEditor"/>, <see cref="MessageActions"/>); <see langword="null"/> where it can.</param>
    /// <returns>A seekable stream as that of <see cref="OpenMessage"/>. It can be read until the handlers and completions of EOM are done.</returns>
    /// <exception cref="InvalidOperationException">As <see cref="OpenMessage"/>; and before EOM.</exception>
    public Stream OpenEditedMessage(out string? unforeseen) => Step.OpenEditedMessage(out unforeseen);

    /// <summary>Gets what another binder makes of the same message, made once for all that ask for it. It is completed and disposed of as one that a handler takes.</summary>
    /// <remarks>So several binders share one value. The other one need not be announced, but what it needs has to be said by <see cref="NeedsAttribute"/> on the binder that is.</remarks>
    /// <typeparam name="TBinder">The other binder.</typeparam>
    /// <typeparam name="TValue">The type of its value.</typeparam>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The message has ended, or the binder asks for its own value.</exception>
    public ValueTask<TValue> GetAsync<TBinder, TValue>()
        where TBinder : IMessageBinder<TBinder, TValue> => Step.Bind<TBinder, TValue>();

    /// <summary>The message has ended.</summary>
    internal void End() => _live = null;

    private bool OffersAny(MilterActions actions) => (Step.Context.Actions & actions) != 0;
}
