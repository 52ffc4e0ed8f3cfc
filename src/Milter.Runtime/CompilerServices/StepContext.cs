using System.Buffers;
using System.ComponentModel;
using System.Net;
using Milter.Protocol;
using Milter.Session;

namespace Milter.CompilerServices;

/// <summary>What generated code reads a handler's parameters from. Not for use by hand.</summary>
/// <remarks>One a connection, reused for every step. Spans are views of the connection's buffers and end with the step.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StepContext
{
    private readonly MilterSession _session;

    internal StepContext(MilterSession session) => _session = session;

    /// <summary>Gets the step's own data: HELO name, raw address, body chunk, unknown command.</summary>
    public ReadOnlySpan<byte> Bytes => _session.StepData.Span;

    /// <summary>Gets <see cref="Bytes"/> as memory, valid until the handler completes.</summary>
    public ReadOnlyMemory<byte> Memory => _session.StepData;

    /// <summary>Gets <see cref="Bytes"/> as a sequence, valid until the handler completes.</summary>
    public ReadOnlySequence<byte> Sequence => new(_session.StepData);

    /// <summary>Gets <see cref="Bytes"/> as text.</summary>
    public string Text => WireText.GetString(_session.StepData.Span);

    /// <summary>Gets the name of the header field at HEADER.</summary>
    public ReadOnlySpan<byte> HeaderName => _session.StepName.Span;

    /// <summary>Gets the name of the header field at HEADER as text.</summary>
    public string HeaderNameText => WireText.GetString(_session.StepName.Span);

    /// <summary>Gets the header field at HEADER.</summary>
    public HeaderField Header => new(_session.StepName.Span, _session.StepData.Span);

    /// <summary>Gets the sender at MAIL, the recipient at RCPT.</summary>
    public EnvelopeAddress Address => _session.StepAddress;

    /// <summary>Gets the SMTP client, or <see langword="null"/> where the MTA sent no CONNECT.</summary>
    public ConnectInfo? Connect => _session.Connect;

    /// <summary>Gets the SMTP client, made up as unknown where the MTA sent no CONNECT.</summary>
    public ConnectInfo ConnectOrUnknown => _session.ConnectOrUnknown;

    /// <summary>Gets the SMTP client's address, where it has one.</summary>
    public IPAddress? ClientAddress => _session.Connect?.Address;

    /// <summary>Gets the HELO name as text, or <see langword="null"/> where there was none.</summary>
    public string? HeloText => _session.HasHelo ? WireText.GetString(_session.Helo.Span) : null;

    /// <summary>Gets the HELO name.</summary>
    public ReadOnlySpan<byte> Helo => _session.Helo.Span;

    /// <summary>Gets the envelope as far as it is known.</summary>
    public MessageEnvelope Envelope => _session.Message.Envelope;

    /// <summary>Gets the header fields.</summary>
    public MessageHeaders Headers => _session.Message.Headers;

    /// <summary>Gets the body.</summary>
    public MessageBody Body => _session.Message.Body;

    /// <summary>Gets the facts about SMTP AUTH, or <see langword="null"/> where the client is not authenticated.</summary>
    public Authentication? Authentication => _session.Authentication;

    /// <summary>Gets the facts about TLS, or <see langword="null"/> where the client's session is not encrypted or the MTA does not tell.</summary>
    public TlsInfo? Tls => _session.Tls;

    /// <summary>Gets what there is to know about connection and message.</summary>
    public MilterContext Context => _session.Context;

    /// <summary>Gets the token that fires when the time is up, the MTA is gone or the server is forced to stop.</summary>
    public CancellationToken Cancellation => _session.Cancellation;

    /// <summary>Gets how the message ended, at its end.</summary>
    public MessageOutcome Outcome => _session.Outcome;

    /// <summary>Gets the editor of the header.</summary>
    public HeaderEditor HeaderEditor => _session.Plan.HeaderEditor;

    /// <summary>Gets the editor of the header, or <see langword="null"/> where the MTA does not offer it.</summary>
    public HeaderEditor? HeaderEditorIfOffered => Offers(MilterActions.AddHeaders | MilterActions.ChangeHeaders) ? _session.Plan.HeaderEditor : null;

    /// <summary>Gets what adds header fields.</summary>
    public HeaderAdder HeaderAdder => _session.Plan.HeaderAdder;

    /// <summary>Gets what adds header fields, or <see langword="null"/> where the MTA does not offer it.</summary>
    public HeaderAdder? HeaderAdderIfOffered => Offers(MilterActions.AddHeaders) ? _session.Plan.HeaderAdder : null;

    /// <summary>Gets the editor of the envelope.</summary>
    public EnvelopeEditor EnvelopeEditor => _session.Plan.EnvelopeEditor;

    /// <summary>Gets the editor of the envelope, or <see langword="null"/> where the MTA does not offer it.</summary>
    public EnvelopeEditor? EnvelopeEditorIfOffered => Offers(MilterActions.AddRecipients | MilterActions.DeleteRecipients) ? _session.Plan.EnvelopeEditor : null;

    /// <summary>Gets the editor of the body.</summary>
    public BodyEditor BodyEditor => _session.Plan.BodyEditor;

    /// <summary>Gets the editor of the body, or <see langword="null"/> where the MTA does not offer it.</summary>
    public BodyEditor? BodyEditorIfOffered => Offers(MilterActions.ChangeBody) ? _session.Plan.BodyEditor : null;

    /// <summary>Gets what holds the message.</summary>
    public Quarantine Quarantine => _session.Plan.Quarantine;

    /// <summary>Gets what holds the message, or <see langword="null"/> where the MTA does not offer it.</summary>
    public Quarantine? QuarantineIfOffered => Offers(MilterActions.Quarantine) ? _session.Plan.Quarantine : null;

    /// <summary>Gets what tells the MTA that the filter is still working.</summary>
    public Progress Progress => _session.Plan.Progress;

    /// <summary>Gets the raw actions.</summary>
    public MessageActions MessageActions => _session.Plan.MessageActions;

    /// <summary>Says whether the header field at HEADER has this name.</summary>
    /// <param name="name">A name in ASCII.</param>
    /// <returns>Whether it is this name, case aside.</returns>
    public bool HeaderIs(ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(_session.StepName.Span, name);

    /// <summary>Reads a header field that was collected.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaders"/>.</param>
    /// <returns>The raw value; empty where the message has no such field.</returns>
    public ReadOnlySpan<byte> CollectedHeader(int slot) => _session.Message.NamedHeaders.Value(slot);

    /// <summary>Reads a header field that was collected, as text.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaders"/>.</param>
    /// <returns>The value as it was sent; <see langword="null"/> where the message has no such field.</returns>
    public string? CollectedHeaderText(int slot) => _session.Message.NamedHeaders.Text(slot);

    /// <summary>Reads a header field that was collected, unfolded and with its encoded words decoded.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.CollectedHeaders"/>.</param>
    /// <returns>The decoded value; <see langword="null"/> where the message has no such field.</returns>
    public string? CollectedHeaderDecoded(int slot) => _session.Message.NamedHeaders.Decoded(slot);

    /// <summary>Reads a macro.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.Macros"/>.</param>
    /// <returns>Its value; empty where the MTA has not sent it.</returns>
    public ReadOnlySpan<byte> Macro(int slot) => _session.Macro(slot, out _);

    /// <summary>Reads a macro as text.</summary>
    /// <param name="slot">Its place in <see cref="MilterDescriptor.Macros"/>.</param>
    /// <returns>Its value; <see langword="null"/> where the MTA has not sent it.</returns>
    public string? MacroText(int slot)
    {
        ReadOnlySpan<byte> value = _session.Macro(slot, out bool found);
        return found ? WireText.GetString(value) : null;
    }

    /// <summary>Gets a service of the message's scope in a message stage, of the session's otherwise.</summary>
    /// <typeparam name="T">The service's type.</typeparam>
    /// <returns>The service.</returns>
    /// <exception cref="InvalidOperationException">The type is not registered.</exception>
    public T Service<T>()
        where T : notnull => _session.Service<T>();

    /// <summary>Gets a service, or <see langword="null"/> where its type is not registered.</summary>
    /// <typeparam name="T">The service's type.</typeparam>
    /// <returns>The service or <see langword="null"/>.</returns>
    public T? ServiceOrNull<T>()
        where T : class => _session.ServiceOrNull<T>();

    /// <summary>Says whether a body handler has had enough of this message.</summary>
    /// <param name="consumer">The handler's number, from 0.</param>
    /// <returns>Whether it said Skip.</returns>
    public bool HasSkipped(int consumer) => _session.HasSkipped(consumer);

    /// <summary>Notes that a body handler has had enough of this message.</summary>
    /// <param name="consumer">The handler's number, from 0.</param>
    public void MarkSkipped(int consumer) => _session.MarkSkipped(consumer);

    /// <summary>Says Skip when every body handler has had enough, and Continue otherwise.</summary>
    /// <returns>The verdict.</returns>
    public Verdict SkipWhenAllHave() => _session.AllSkipped ? Verdict.Skip : Verdict.Continue;

    private bool Offers(MilterActions actions) => (_session.Agreed.Actions & actions) == actions;
}
