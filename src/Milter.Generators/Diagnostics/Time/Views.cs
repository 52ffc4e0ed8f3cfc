using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Says how long what a handler was given is valid.</summary>
internal enum Lifetime
{
    /// <summary>For ever, or nobody knows.</summary>
    Unlimited,

    /// <summary>Until the message ends, when it is used for the next one.</summary>
    Message,

    /// <summary>Until the handler completes.</summary>
    Handler,
}

/// <summary>Follows values to what the engine lends to handlers: through slices, locals, and the parameters of helpers.</summary>
internal static class Views
{
    private const int MaxDepth = 8;

    private static readonly string[] s_pooled =
    [
        "Milter.EnvelopeAddress", "Milter.MessageEnvelope", "Milter.MessageHeaders", "Milter.HeaderValues", "Milter.MessageBody", "Milter.HeaderEditor", "Milter.HeaderAdder",
        "Milter.EnvelopeEditor", "Milter.BodyEditor", "Milter.Quarantine", "Milter.Progress", "Milter.MessageActions",
    ];

    public static Lifetime Of(IOperation value, FilterBody body)
    {
        if (value.Bare().Type is not { } type)
        {
            return Lifetime.Unlimited;
        }

        if (type.Is(ParameterInfo.Memory, IsByte) || type.Is(ParameterInfo.Sequence, IsByte))
        {
            // A copy has gone through ToArray, and does not begin at the parameter.
            return ComesFromHandler(value, body, StageGroups.All, 0) ? Lifetime.Handler : Lifetime.Unlimited;
        }

        // The recipient of one step is used again at the next, unlike those of the envelope.
        if (type.Is("Milter.EnvelopeAddress") && ComesFromHandler(value, body, StageGroups.Recipients, 0))
        {
            return Lifetime.Handler;
        }

        return s_pooled.Any(name => type.Is(name)) || IsList(value.Bare()) || IsStream(value, body, 0) ? Lifetime.Message : Lifetime.Unlimited;
    }

    /// <summary>The recipients of an envelope are a view of it.</summary>
    private static bool IsList(IOperation value) => value is IPropertyReferenceOperation { Property: { Name: "Recipients", ContainingType: { } type } } && type.Is("Milter.MessageEnvelope");

    /// <summary>A stream over the body reads it where it is kept, and is no more than that.</summary>
    private static bool IsStream(IOperation value, FilterBody body, int depth) => depth < MaxDepth && value.Bare() switch
    {
        IInvocationOperation { TargetMethod: { Name: "OpenRead", ContainingType: { } type } } => type.Is("Milter.MessageBody"),
        ILocalReferenceOperation local => body.Locals.ValuesOf(local).Any(one => IsStream(one, body, depth + 1)),
        _ => false,
    };

    /// <summary>Says whether a value is a parameter of a handler of these stages, or a part of one.</summary>
    private static bool ComesFromHandler(IOperation value, FilterBody body, Stages stages, int depth) => depth < MaxDepth && value.Bare() switch
    {
        IParameterReferenceOperation { Parameter: var parameter } => (IsOf(parameter, body) && (body.Handles & stages) != 0) || body.Calls.Any(call => IsGiven(call, parameter, body, stages, depth)),
        IInvocationOperation { Instance: { } instance, TargetMethod.Name: "Slice" } => ComesFromHandler(instance, body, stages, depth + 1),
        IPropertyReferenceOperation { Instance: { } instance } => stages == StageGroups.All && ComesFromHandler(instance, body, stages, depth + 1),
        IImplicitIndexerReferenceOperation { Instance: { } instance } => ComesFromHandler(instance, body, stages, depth + 1),
        IConditionalOperation either => ComesFromHandler(either.WhenTrue, body, stages, depth + 1) || (either.WhenFalse is { } other && ComesFromHandler(other, body, stages, depth + 1)),
        ILocalReferenceOperation local => body.Locals.ValuesOf(local).Any(one => ComesFromHandler(one, body, stages, depth + 1)),
        IInvocationOperation call => GivenBack(call, body).Any(given => ComesFromHandler(given, body, stages, depth + 1)),
        _ => false,
    };

    /// <summary>The arguments that a helper gives back as they are, or a part of them.</summary>
    private static IEnumerable<IOperation> GivenBack(IInvocationOperation call, FilterBody body) =>
        from helper in new[] { body.Filter.BodyOf(call.TargetMethod, call) ?? body.Filter.OtherBodyOf(call.TargetMethod) }
        where helper is not null
        from returned in helper.Operations.OfType<IReturnOperation>()
        where returned.Enclosing() is null
        let parameter = Given(returned.ReturnedValue)
        where parameter is not null
        from argument in call.Arguments
        where argument.Parameter?.Ordinal == parameter.Ordinal
        select argument.Value;

    private static IParameterSymbol? Given(IOperation? value) => value?.Bare() switch
    {
        IParameterReferenceOperation { Parameter: var parameter } => parameter,
        IInvocationOperation { Instance: { } instance, TargetMethod.Name: "Slice" } => Given(instance),
        IImplicitIndexerReferenceOperation { Instance: { } instance } => Given(instance),
        _ => null,
    };

    private static bool IsGiven((FilterBody Caller, IOperation At) call, IParameterSymbol parameter, FilterBody body, Stages stages, int depth) =>
        IsOf(parameter, body)
        && call.At is IInvocationOperation invocation
        && invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal) is { } argument
        && ComesFromHandler(argument.Value, call.Caller, stages, depth + 1);

    private static bool IsOf(IParameterSymbol parameter, FilterBody body) => SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol.OriginalDefinition, body.Method);

    private static bool IsByte(ITypeSymbol element) => element.SpecialType == SpecialType.System_Byte;
}
