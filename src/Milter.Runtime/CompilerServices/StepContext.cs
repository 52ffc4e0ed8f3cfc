using System.Buffers;
using System.ComponentModel;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Milter.Protocol;

namespace Milter.CompilerServices;

/// <summary>What generated code reads a handler's parameters from. Not for use by hand.</summary>
/// <remarks>One a connection, reused for every step. Spans are views of the connection's buffers and end with the step.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StepContext
{
    private IStepSource? _attached;

    internal StepContext(IStepSource source) => _attached = source;

    private IStepSource Session => _attached ?? throw new OperationCanceledException("The handler's time was up and the connection has gone on without it.");

    /// <summary>Gets the step's own data: HELO name, raw address, body chunk, unknown command.</summary>
    public ReadOnlySpan<byte> Bytes => Session.DataBytes;

    /// <summary>Gets <see cref="Bytes"/> as memory, valid until the handler completes.</summary>
    public ReadOnlyMemory<byte> Memory => Session.Data;

    /// <summary>Gets <see cref="Bytes"/> as a sequence, valid until the handler completes.</summary>
    public ReadOnlySequence<byte> Sequence => new(Session.Data);

    /// <summary>Gets <see cref="Bytes"/> as text.</summary>
    public string Text => WireText.GetString(Session.DataBytes);

    /// <summary>Gets the name of the header field at HEADER.</summary>
    public ReadOnlySpan<byte> HeaderName => Session.NameBytes;

    /// <summary>Gets the name of the header field at HEADER as text.</summary>
    public string HeaderNameText => WireText.GetString(Session.NameBytes);

    /// <summary>Gets the header field at HEADER.</summary>
    public HeaderField Header
    {
        get
        {
            IStepSource session = Session;
            return new HeaderField(session.NameBytes, session.DataBytes);
        }
    }

    /// <summary>Gets the sender at MAIL, the recipient at RCPT.</summary>
    public EnvelopeAddress Address => Session.Address;

    /// <summary>Gets the SMTP client, or <see langword="null"/> where the MTA sent no CONNECT.</summary>
    public ConnectInfo? Connect => Session.Facts.Connect;

    /// <summary>Gets the SMTP client, made up as unknown where the MTA sent no CONNECT.</summary>
    public ConnectInfo ConnectOrUnknown => (Session.Facts.Connect ?? ConnectInfo.Unknown);

    /// <summary>Gets the SMTP client's address, where it has one.</summary>
    public IPAddress? ClientAddress => Session.Facts.Connect?.Address;

    /// <summary>Gets the HELO name as text, or <see langword="null"/> where there was none.</summary>
    public string? HeloText => Session.Facts.HasHelo ? WireText.GetString(Session.Facts.Helo.Span) : null;

    /// <summary>Gets the HELO name.</summary>
    public ReadOnlySpan<byte> Helo => Session.Facts.Helo.Span;

    /// <summary>Gets the envelope as far as it is known.</summary>
    public MessageEnvelope Envelope => Session.Message.Envelope;

    /// <summary>Gets the header fields.</summary>
    public MessageHeaders Headers => Session.Message.Headers;

    /// <summary>Gets the body.</summary>
    public MessageBody Body => Session.Message.Body;

    /// <summary>Gets the facts about SMTP AUTH, or <see langword="null"/> where the client is not authenticated.</summary>
    public Authentication? Authentication => Session.Facts.Authentication();

    /// <summary>Gets the facts about TLS, or <see langword="null"/> where the client's session is not encrypted or the MTA does not tell.</summary>
    public TlsInfo? Tls => Session.Facts.Tls();

    /// <summary>Gets what there is to know about connection and message.</summary>
    public MilterContext Context => Session.Context;

    /// <summary>Gets the token that fires when the time is up, the MTA is gone or the server is forced to stop.</summary>
    public CancellationToken Cancellation => Session.Cancellation;

    /// <summary>Gets how the message ended, at its end.</summary>
    public MessageOutcome Outcome => Session.Outcome;

    /// <summary>Gets the editor of the header.</summary>
    public HeaderEditor HeaderEditor => Session.Plan.HeaderEditor;

    /// <summary>Gets the editor of the header, or <see langword="null"/> where the MTA does not offer it.</summary>
    public HeaderEditor? HeaderEditorIfOffered => Offers(MilterActions.AddHeaders | MilterActions.ChangeHeaders) ? Session.Plan.HeaderEditor : null;

    /// <summary>Gets what adds header fields.</summary>
    public HeaderAdder HeaderAdder => Session.Plan.HeaderAdder;

    /// <summary>Gets what adds header fields, or <see langword="null"/> where the MTA does not offer it.</summary>
    public HeaderAdder? HeaderAdderIfOffered => Offers(MilterActions.AddHeaders) ? Session.Plan.HeaderAdder : null;

    /// <summary>Gets the editor of the envelope.</summary>
    public EnvelopeEditor EnvelopeEditor => Session.Plan.EnvelopeEditor;

    /// <summary>Gets the editor of the envelope, or <see langword="null"/> where the MTA does not offer it.</summary>
    public EnvelopeEditor? EnvelopeEditorIfOffered => Offers(MilterActions.AddRecipients | MilterActions.DeleteRecipients) ? Session.Plan.EnvelopeEditor : null;

    /// <summary>Gets the editor of the body.</summary>
    public BodyEditor BodyEditor => Session.Plan.BodyEditor;

    /// <summary>Gets the editor of the body, or <see langword="null"/> where the MTA does not offer it.</summary>
    public BodyEditor? BodyEditorIfOffered => Offers(MilterActions.ChangeBody) ? Session.Plan.BodyEditor : null;

    /// <summary>Gets what holds the message.</summary>
    public Quarantine Quarantine => Session.Plan.Quarantine;

    /// <summary>Gets what holds the message, or <see langword="null"/> where the MTA does not offer it.</summary>
    public Quarantine? QuarantineIfOffered => Offers(MilterActions.Quarantine) ? Session.Plan.Quarantine : null;

    /// <summary>Gets what tells the MTA that the filter is still working.</summary>
    public Progress Progress => Session.Plan.Progress;

    /// <summary>Gets the raw actions.</summary>
    public MessageActions MessageActions => Session.Plan.MessageActions;

    /// <summary>Says whether actions were agreed on.</summary>
    /// <param name="actions">The actions.</param>
    /// <returns>Whether all of them may be sent.</returns>
    public bool Offers(MilterActions actions) => (Session.Facts.Terms.Actions & actions) == actions;

    /// <summary>Says whether the header field at HEADER has this name.</summary>
    /// <param name="name">A name in ASCII.</param>
    /// <returns>Whether it is this name, case aside.</returns>
    public bool HeaderIs(ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(Session.NameBytes, name);

    /// <summary>Reads a header field that was collected.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaders"/>.</param>
    /// <returns>The raw value; empty where the message has no such field.</returns>
    public ReadOnlySpan<byte> CollectedHeader(int slot) => Session.Message.NamedHeaders.Value(slot);

    /// <summary>Reads a header field that was collected, as text.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaders"/>.</param>
    /// <returns>The value as it was sent; <see langword="null"/> where the message has no such field.</returns>
    public string? CollectedHeaderText(int slot) => Session.Message.NamedHeaders.Text(slot);

    /// <summary>Reads a header field that was collected, unfolded and with its encoded words decoded.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaders"/>.</param>
    /// <returns>The decoded value; <see langword="null"/> where the message has no such field.</returns>
    public string? CollectedHeaderDecoded(int slot) => Session.Message.NamedHeaders.Decoded(slot);

    /// <summary>Reads all header fields of a name.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaderValues"/>.</param>
    /// <returns>The values as they were sent.</returns>
    public HeaderValues CollectedHeaderValues(int slot) => Session.Message.NamedHeaders.Values(slot);

    /// <summary>Reads all header fields of a name, unfolded and with their encoded words decoded.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaderValues"/>.</param>
    /// <returns>The decoded values.</returns>
    public HeaderValues CollectedHeaderValuesDecoded(int slot) => Session.Message.NamedHeaders.DecodedValues(slot);

    /// <summary>Reads a macro.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.Macros"/>.</param>
    /// <returns>Its value; empty where the MTA has not sent it.</returns>
    public ReadOnlySpan<byte> Macro(int slot) => Session.Facts.Macro(slot, out _);

    /// <summary>Reads a macro as text.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.Macros"/>.</param>
    /// <returns>Its value; <see langword="null"/> where the MTA has not sent it.</returns>
    public string? MacroText(int slot)
    {
        ReadOnlySpan<byte> value = Session.Facts.Macro(slot, out bool found);
        return found ? WireText.GetString(value) : null;
    }

    /// <summary>Gets a service of the message's scope in a message stage, of the session's otherwise.</summary>
    /// <typeparam name="T">The service's type.</typeparam>
    /// <returns>The service.</returns>
    /// <exception cref="InvalidOperationException">The type is not registered.</exception>
    public T Service<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Gets a service, or <see langword="null"/> where its type is not registered.</summary>
    /// <typeparam name="T">The service's type.</typeparam>
    /// <returns>The service or <see langword="null"/>.</returns>
    public T? ServiceOrNull<T>()
        where T : class => Services.GetService<T>();

    /// <summary>Says whether a body handler has had enough of this message.</summary>
    /// <param name="consumer">The handler's number, from 0.</param>
    /// <returns>Whether it said Skip.</returns>
    public bool HasSkipped(int consumer) => Session.HasSkipped(consumer);

    /// <summary>Notes that a body handler has had enough of this message.</summary>
    /// <param name="consumer">The handler's number, from 0.</param>
    public void MarkSkipped(int consumer) => Session.MarkSkipped(consumer);

    /// <summary>Says Skip when every body handler has had enough, and Continue otherwise.</summary>
    /// <returns>The verdict.</returns>
    public Verdict SkipWhenAllHave() => Session.AllSkipped ? Verdict.Skip : Verdict.Continue;

    /// <summary>Gets a value of a package's own type, which is made once a message.</summary>
    /// <typeparam name="TBinder">The binder.</typeparam>
    /// <typeparam name="TValue">The parameter's type.</typeparam>
    /// <returns>The value.</returns>
    public ValueTask<TValue> Bind<TBinder, TValue>()
        where TBinder : IMessageBinder<TBinder, TValue> => Session.Values.GetAsync<TBinder, TValue>();

    /// <summary>Completes the values of packages' own types that were taken at this stage.</summary>
    /// <param name="verdict">The verdict of the stage's handlers.</param>
    /// <returns>That, or what a completion says instead.</returns>
    public ValueTask<Verdict> CompleteAsync(Verdict verdict) => Session.Values.CompleteAsync(verdict);

    /// <summary>Gets the stage.</summary>
    internal MilterStages Stage => Session.Stage;

    /// <summary>Gets a value indicating whether the white space behind the colons of header fields is known.</summary>
    internal bool HasHeaderSpace => Session.Facts.Terms.Has(ProtocolSteps.HeaderLeadingSpace);

    /// <summary>Gets the services of the message in a message stage, of the session otherwise.</summary>
    internal IServiceProvider MessageServices => Services;

    /// <summary>Opens the message as it came.</summary>
    internal Stream OpenMessage() => Session.Message.Open(HasHeaderSpace);

    /// <summary>Opens the message as it would be delivered by now.</summary>
    internal Stream OpenEditedMessage(out string? unforeseen)
    {
        Session.Message.ThrowUnlessKept();
        return Session.Plan.OpenEdited(HasHeaderSpace, out unforeseen);
    }

    private IServiceProvider Services => Session.Services;

    /// <summary>Cuts this context off: the handler that holds it is late, and the session has gone on.</summary>
    internal void Detach() => _attached = null;
}
