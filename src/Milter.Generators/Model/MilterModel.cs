using Milter.Generators.Infrastructure;

namespace Milter.Generators.Model;

/// <summary>All that the emitter needs to know about one [Milter] class.</summary>
/// <remarks>Strings, enums, numbers, bools and arrays of these that compare by content: a symbol, node or location in here would end caching.</remarks>
/// <param name="HintName">What the generated file is named after.</param>
/// <param name="Namespace">The namespace as source, or empty for the global one.</param>
/// <param name="Containers">The headers of the types around it, outermost first: <c>partial class Outer</c>.</param>
/// <param name="Header">Its own header: <c>partial class Filter</c>.</param>
/// <param name="Self">Its full name from <c>global::</c> on.</param>
/// <param name="Name">Its name alone.</param>
/// <param name="MetadataName">Its name in metadata: <c>Demo.Outer+Filter</c>.</param>
/// <param name="PreserveHeaderSpace">Whether <c>[Milter(PreserveHeaderSpace = true)]</c> is written.</param>
/// <param name="IsObsolete">Whether it uses something that is obsolete as an error, which only obsolete code may name.</param>
/// <param name="Constructor">What its constructor takes.</param>
/// <param name="Handlers">Its handlers, in the order of stages and, within one, the order in which they run.</param>
/// <param name="Resets">Its [PerMessage] members.</param>
internal sealed record MilterModel(
    string HintName,
    string Namespace,
    EquatableArray<string> Containers,
    string Header,
    string Self,
    string Name,
    string MetadataName,
    bool PreserveHeaderSpace,
    bool IsObsolete,
    EquatableArray<ServiceModel> Constructor,
    EquatableArray<HandlerModel> Handlers,
    EquatableArray<ResetModel> Resets)
{
    public IEnumerable<HandlerModel> HandlersOf(Stages stage) => Handlers.Where(handler => handler.Stage == stage);

    /// <summary>Lists the macros that parameters take; a macro's place is its slot.</summary>
    public IReadOnlyList<string> Macros() => [.. Keys(ParameterKind.MacroText, ParameterKind.MacroBytes).Distinct(StringComparer.Ordinal)];

    /// <summary>Lists the header fields of which parameters take the first; a field's place is its slot.</summary>
    public IReadOnlyList<string> NamedHeaders() =>
        [.. Keys(ParameterKind.NamedHeaderText, ParameterKind.NamedHeaderDecoded, ParameterKind.NamedHeaderBytes).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Lists the header fields of which parameters take all; a field's place is its slot.</summary>
    public IReadOnlyList<string> AllOfNamedHeaders() =>
        [.. Keys(ParameterKind.NamedHeaderValues, ParameterKind.NamedHeaderValuesDecoded).Distinct(StringComparer.OrdinalIgnoreCase)];

    private IEnumerable<string> Keys(params ParameterKind[] kinds) => from handler in Handlers
                                                                      from parameter in handler.Parameters
                                                                      where kinds.Contains(parameter.Kind)
                                                                      select parameter.Key;
}

/// <summary>A parameter of the constructor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, without <c>?</c>.</param>
/// <param name="Form">How it is filled.</param>
/// <param name="Key">The service's key as source, where it has one.</param>
internal sealed record ServiceModel(string Name, string Type, ServiceForm Form, string? Key);

internal enum ServiceForm
{
    Required,
    Optional,

    /// <summary>As <see cref="Optional"/>, for a parameter that is not written with <c>?</c> but has the default <see langword="null"/>.</summary>
    OptionalForgiven,

    /// <summary>The service provider itself.</summary>
    Provider,

    /// <summary>Left out, so that its default counts.</summary>
    Omitted,
}

/// <summary>A [PerMessage] member and the statement that makes it new.</summary>
internal sealed record ResetModel(string Name, string Statement, ResetForm Form);

/// <summary>What may happen when a member is made new.</summary>
internal enum ResetForm
{
    /// <summary>Nothing: a field is set.</summary>
    Plain,

    /// <summary>Code of others runs and may throw.</summary>
    Guarded,

    /// <summary>As <see cref="Guarded"/>, and has to be awaited.</summary>
    Awaited,
}
