using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
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

/// <summary>Says what of a message an expression is: by the member that gives it, or the handler's parameter.</summary>
internal static class MailText
{
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

    public static MailTextKind Of(IOperation? operation) => operation?.Bare() switch
    {
        IPropertyReferenceOperation property => OfMember(property.Property),
        IInvocationOperation { TargetMethod: var method } => OfMember(method),
        IParameterReferenceOperation parameter => OfParameter(parameter.Parameter),
        IConditionalAccessOperation access => Of(access.WhenNotNull),
        ICoalesceOperation coalesce => Of(coalesce.Value),
        IArrayElementReferenceOperation or IImplicitIndexerReferenceOperation => MailTextKind.None,
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

        if (parameter.Attribute("Milter.HeaderAttribute") is { } header)
        {
            return header.Named(RuntimeNames.Decoded, absent: false) ? MailTextKind.DecodedValue : MailTextKind.RawValue;
        }

        if (Markers.All.Any(marker => parameter.Has(marker.Attribute)))
        {
            return MailTextKind.None;
        }

        List<IParameterSymbol> raw = [.. ((IMethodSymbol)parameter.ContainingSymbol).Parameters.Where(other => IsText(other.Type) && !Markers.All.Any(marker => other.Has(marker.Attribute)))];
        return stages switch
        {
            Stages.Header => raw.Count > 1 && SymbolEqualityComparer.Default.Equals(raw[0], parameter) ? MailTextKind.FieldName : MailTextKind.RawValue,
            _ when (stages & ~(Stages.Mail | StageGroups.Recipients)) == 0 => MailTextKind.RawAddress,
            _ => MailTextKind.None,
        };
    }

    private static bool IsText(ITypeSymbol type) => type.SpecialType == SpecialType.System_String || type.Is(ParameterInfo.Span, element => element.SpecialType == SpecialType.System_Byte);
}
