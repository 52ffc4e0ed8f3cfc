using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>What a text of a message is.</summary>
internal enum MailTextKind
{
    None,
    FieldName,
    RawValue,
    DecodedValue,
    Address,
    LocalPart,
    Domain,

    /// <summary>A sender or recipient as it was sent, with its brackets.</summary>
    RawAddress,
}

/// <summary>Says what of a message an expression is: by the member that gives it, the handler's parameter, or the local that has it.</summary>
internal static class MailText
{
    private const int MaxDepth = 6;
    private const string Values = "Milter.HeaderValues";

    private static readonly (string Type, string Member, MailTextKind Kind)[] s_members =
    [
        ("Milter.HeaderField", "NameText", MailTextKind.FieldName),
        ("Milter.HeaderField", "Name", MailTextKind.FieldName),
        ("Milter.HeaderField", "ValueText", MailTextKind.RawValue),
        ("Milter.HeaderField", "Value", MailTextKind.RawValue),
        ("Milter.HeaderField", "DecodedValue", MailTextKind.DecodedValue),
        ("Milter.MessageHeaders", "this[]", MailTextKind.RawValue),
        ("Milter.MessageHeaders", "Decoded", MailTextKind.DecodedValue),
        ("Milter.MessageHeaders", "GetAll", MailTextKind.RawValue),
        ("Milter.EnvelopeAddress", "Address", MailTextKind.Address),
        ("Milter.EnvelopeAddress", "AddressBytes", MailTextKind.Address),
        ("Milter.EnvelopeAddress", "ToString", MailTextKind.Address),
        ("Milter.EnvelopeAddress", "LocalPart", MailTextKind.LocalPart),
        ("Milter.EnvelopeAddress", "Domain", MailTextKind.Domain),
        ("Milter.EnvelopeAddress", "Raw", MailTextKind.RawAddress),
        ("Milter.EnvelopeAddress", "RawBytes", MailTextKind.RawAddress),
    ];

    /// <summary>Queries that give one of the values, and those that give some of them or all.</summary>
    private static readonly HashSet<string> s_oneElement = ["First", "FirstOrDefault", "Last", "LastOrDefault", "Single", "SingleOrDefault", "ElementAt", "ElementAtOrDefault"];

    private static readonly HashSet<string> s_sameElements = ["Where", "Skip", "Take", "SkipWhile", "TakeWhile", "Distinct", "Reverse", "Order", "OrderBy", "ToList", "ToArray", "AsEnumerable"];

    public static MailTextKind Of(IOperation? operation) => Of(operation, 0);

    /// <summary>What one of several values is: those of a parameter, of <c>GetAll</c>, or of a query over them.</summary>
    public static MailTextKind OfElement(IOperation? collection) => OfElement(collection, 0);

    private static MailTextKind Of(IOperation? operation, int depth) => depth > MaxDepth ? MailTextKind.None : operation?.Bare() switch
    {
        IPropertyReferenceOperation { Arguments.Length: 1, Instance: { } values } element when values.Type.Is(Values) && element.Type?.SpecialType == SpecialType.System_String => OfElement(values, depth),
        IPropertyReferenceOperation { Arguments.Length: 1, Instance: IInvocationOperation { TargetMethod.Name: "GetAll" } list } => Of(list, depth + 1),
        IPropertyReferenceOperation property => OfMember(property.Property),
        IInvocationOperation query when s_oneElement.Contains(query.TargetMethod.Name) && IsQuery(query) => OfElement(query.Arguments[0].Value, depth + 1),
        IInvocationOperation { TargetMethod: var method } => OfMember(method),
        IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } } } parameter => OfElement(Origins.CollectionOf(parameter), depth),
        IParameterReferenceOperation parameter => OfParameter(parameter.Parameter),
        ILocalReferenceOperation { Local.Type: var type } local when IsText(type) => OfLocal(local, depth),
        IConditionalAccessOperation access => Of(access.WhenNotNull, depth + 1),
        ICoalesceOperation coalesce => Of(coalesce.Value, depth + 1),
        _ => MailTextKind.None,
    };

    private static MailTextKind OfLocal(ILocalReferenceOperation local, int depth)
    {
        IOperation? value = Origins.Of(local.Local, local, out IOperation? collection);
        return collection is not null ? OfElement(collection, depth) : Of(value, depth + 1);
    }

    /// <summary>One of several values of fields: of a parameter, or of <c>GetAll</c>.</summary>
    private static MailTextKind OfElement(IOperation? collection, int depth) => collection?.Bare() switch
    {
        IParameterReferenceOperation { Parameter: var values } when values.Type.Is(Values) =>
            values.InheritedAttribute(RuntimeNames.HeaderAttribute)?.Named(RuntimeNames.Decoded, absent: false) == true ? MailTextKind.DecodedValue : MailTextKind.RawValue,
        IInvocationOperation { TargetMethod: { Name: "GetAll" } method } => OfMember(method),
        IInvocationOperation query when s_sameElements.Contains(query.TargetMethod.Name) && IsQuery(query) && depth < MaxDepth => OfElement(query.Arguments[0].Value, depth + 1),
        ILocalReferenceOperation local when depth < MaxDepth => OfElement(Origins.Of(local.Local, local, out _), depth + 1),
        _ => MailTextKind.None,
    };

    private static MailTextKind OfMember(ISymbol member)
    {
        foreach ((string type, string name, MailTextKind kind) in s_members)
        {
            if (member.Name == name && member.ContainingType.Is(type) && member is not IPropertySymbol { IsIndexer: true, Type.SpecialType: not SpecialType.System_String })
            {
                return kind;
            }
        }

        return MailTextKind.None;
    }

    private static MailTextKind OfParameter(IParameterSymbol parameter)
    {
        if (!IsText(parameter.Type) || HandlerSymbols.StagesOf(parameter.ContainingSymbol) is not (var stages and not Stages.None))
        {
            return MailTextKind.None;
        }

        if (parameter.InheritedAttribute(RuntimeNames.HeaderAttribute) is { } header)
        {
            return header.Named(RuntimeNames.Decoded, absent: false) ? MailTextKind.DecodedValue : MailTextKind.RawValue;
        }

        if (Markers.IsMarked(parameter))
        {
            return MailTextKind.None;
        }

        List<IParameterSymbol> raw = [.. ((IMethodSymbol)parameter.ContainingSymbol).Parameters.Where(other => IsText(other.Type) && !Markers.IsMarked(other))];
        return stages switch
        {
            Stages.Header => raw.Count > 1 && SymbolEqualityComparer.Default.Equals(raw[0], parameter) ? MailTextKind.FieldName : MailTextKind.RawValue,
            _ when (stages & ~(Stages.Mail | StageGroups.Recipients)) == 0 => MailTextKind.RawAddress,
            _ => MailTextKind.None,
        };
    }

    private static bool IsQuery(IInvocationOperation call) => call is { TargetMethod.ContainingType: { } type, Arguments.Length: > 0 } && type.Is("System.Linq.Enumerable");

    private static bool IsText(ITypeSymbol type) => type.SpecialType == SpecialType.System_String || type.Is(ParameterInfo.Span, element => element.SpecialType == SpecialType.System_Byte);
}
