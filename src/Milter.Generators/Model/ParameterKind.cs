namespace Milter.Generators.Model;

/// <summary>What a handler's parameter is bound to. Each has its row in <see cref="ParameterInfo"/>.</summary>
internal enum ParameterKind
{
    // The step's own data.
    Text,
    Bytes,
    Memory,
    Sequence,
    HeaderNameText,
    HeaderNameBytes,
    HeaderField,
    Address,
    Outcome,

    // At every stage.
    MacroText,
    MacroBytes,
    Context,
    Cancellation,
    Service,
    Authentication,
    Tls,

    // Collected at an earlier step.
    Connect,
    ClientAddress,
    HeloText,
    HeloBytes,
    Envelope,
    NamedHeaderText,
    NamedHeaderDecoded,
    NamedHeaderBytes,
    NamedHeaderValues,
    NamedHeaderValuesDecoded,
    Headers,
    Body,

    // Made by a binder.
    Bound,

    // Capabilities of end of message.
    HeaderEditor,
    HeaderAdder,
    EnvelopeEditor,
    BodyEditor,
    Quarantine,
    Progress,
    MessageActions,
}
