using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Says what one parameter is bound to at one stage.</summary>
internal static class ParameterBinder
{
    public static ParameterModel? Bind(ParseContext context, StageInfo stage, IParameterSymbol parameter)
    {
        if (parameter.Type.TypeKind == TypeKind.Error)
        {
            context.Fail();
            return null;
        }

        if (parameter.RefKind != RefKind.None)
        {
            context.Report(Descriptors.ByReference, context.At(parameter), parameter.Name, parameter.RefKind == RefKind.Ref ? "ref" : parameter.RefKind == RefKind.Out ? "out" : "in");
            return null;
        }

        if (!OneMarker(context, parameter, out Marker marker, out AttributeData? attribute)
            || Row(context, stage, parameter, marker) is not { } row
            || Key(context, row, parameter, attribute) is not { } key)
        {
            return null;
        }

        ParameterKind kind = row.Kind;
        if (marker == Marker.Header && attribute!.Named(RuntimeNames.Decoded, absent: false))
        {
            if (row.Decoded is not { } decoded)
            {
                string types = string.Join(" or ", ParameterInfo.All.Where(known => known.Decoded is not null).Select(known => known.ShownType()));
                context.Report(Descriptors.MarkerType, context.At(parameter), "Header(Decoded = true)", CSharpText.Short(parameter.Type), types);
                return null;
            }

            kind = decoded;
        }

        if (row.OnlyNullable && PresenceOf(parameter) == Presence.Required && parameter.Type.NullableAnnotation == NullableAnnotation.NotAnnotated)
        {
            context.Report(Descriptors.MayBeMissing, context.At(parameter), parameter.Name, CSharpText.Short(parameter.Type));
            return null;
        }

        return Needs(context, row, parameter, out ActionFlags? needs)
            ? new ParameterModel(parameter.Name, kind, PresenceOf(parameter), key, needs)
            : null;
    }

    private static bool OneMarker(ParseContext context, IParameterSymbol parameter, out Marker marker, out AttributeData? attribute)
    {
        IReadOnlyList<(Marker Marker, AttributeData Attribute)> found = MarkerReader.Of(parameter);
        (marker, attribute) = found.Count > 0 ? found[0] : (Marker.None, null);
        if (found.Count > 1)
        {
            context.Report(Descriptors.SeveralMarkers, context.At(parameter), parameter.Name, found[0].Marker, found[1].Marker);
            return false;
        }

        return true;
    }

    private static ParameterInfo? Row(ParseContext context, StageInfo stage, IParameterSymbol parameter, Marker marker)
    {
        ITypeSymbol type = parameter.Type;
        List<ParameterInfo> marked = [.. ParameterInfo.All.Where(row => row.Marker == marker && row.Stages != Stages.None)];
        ParameterInfo? row = marked.FirstOrDefault(row => Fits(row, parameter));
        if (row is null && marker != Marker.None)
        {
            string types = marker == Marker.FromServices
                ? "a class or interface, or a value type without '?'"
                : string.Join(" or ", marked.Select(known => known.ShownType()));
            context.Report(Descriptors.MarkerType, context.At(parameter), marker, CSharpText.Short(type), types);
            return null;
        }

        if (row is null && CanBeBound(context, stage, type))
        {
            return ParameterInfo.Of(ParameterKind.Bound);
        }

        if (row is null || (row.Stages & stage.Stage) == 0)
        {
            string shown = (marker == Marker.None ? "" : $"[{marker}] ") + CSharpText.Short(type);
            IEnumerable<string> bound = context.Binders?.Where(binder => (binder.Stages & stage.Stage) != 0).Select(binder => binder.Shown) ?? [];
            (string hint, Marker fix) = NotGivenHint.Of(context, stage, parameter, marker, row);
            context.Report(
                Descriptors.NotGiven,
                context.At(parameter),
                fix == Marker.None ? null : ImmutableDictionary<string, string?>.Empty.Add("Marker", Markers.All.First(known => known.Marker == fix).Attribute),
                shown,
                stage.Handler,
                ParameterInfo.ShownAt(stage.Stage, bound),
                hint);
            return null;
        }

        return row;
    }

    /// <summary>Says whether a binder makes the type; where binders are not known yet, whether one could.</summary>
    private static bool CanBeBound(ParseContext context, StageInfo stage, ITypeSymbol type) => context.Binders is { } binders
        ? BinderResolver.Find(binders, CSharpText.Key(type), stage.Stage) is not null
        : (StageGroups.FromMail & stage.Stage) != 0 && !type.IsRefLikeType && type.TypeKind is not (TypeKind.Pointer or TypeKind.FunctionPointer);

    public static bool Fits(ParameterInfo row, IParameterSymbol parameter)
    {
        ITypeSymbol type = parameter.Type;
        return row.Type switch
        {
            "" => type is { IsRefLikeType: false, TypeKind: not (TypeKind.Pointer or TypeKind.FunctionPointer), OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T },
            ParameterInfo.Span or ParameterInfo.Memory or ParameterInfo.Sequence => type.Is(row.Type, element => element.SpecialType == SpecialType.System_Byte),
            _ => type.Is(row.Type),
        };
    }

    /// <summary>The name or type that the parameter is bound by; <see langword="null"/> where it can't be one.</summary>
    private static string? Key(ParseContext context, ParameterInfo row, IParameterSymbol parameter, AttributeData? attribute)
    {
        switch (row.Marker)
        {
            case Marker.None when row.Kind == ParameterKind.Bound:
                context.CheckName(parameter.Type, context.At(parameter));
                return CSharpText.Key(parameter.Type);

            case Marker.FromServices:
                context.CheckName(parameter.Type, context.At(parameter));
                return CSharpText.QualifiedNotNull(parameter.Type);

            case Marker.Header or Marker.Macro:
                string? name = attribute!.Value() as string;
                bool isHeader = row.Marker == Marker.Header;
                if ((isHeader ? Names.WhyNoHeader(name) : Names.WhyNoMacro(name)) is { } reason)
                {
                    context.Report(Descriptors.InvalidName, attribute!.LocationOf(context.Cancellation), name ?? "", isHeader ? "header field" : "macro", reason);
                    return null;
                }

                return isHeader ? name : MacroInfo.Canonical(name);

            default:
                return "";
        }
    }

    private static bool Needs(ParseContext context, ParameterInfo row, IParameterSymbol parameter, out ActionFlags? needs)
    {
        needs = null;
        if (parameter.InheritedAttribute(RuntimeNames.NeedsAttribute) is not { } attribute)
        {
            return true;
        }

        if (!row.IsCapability)
        {
            context.Report(Descriptors.NeedsWithoutCapability, attribute.LocationOf(context.Cancellation), parameter.Name);
            return false;
        }

        if (NeededActions.WhyNot(attribute, row.Actions) is { } reason)
        {
            context.Report(Descriptors.NeedsMismatch, attribute.LocationOf(context.Cancellation), parameter.Name, reason, CSharpText.Short(parameter.Type), NeededActions.Shown(row.Actions));
            return false;
        }

        needs = NeededActions.Of(attribute);
        return true;
    }

    private static Presence PresenceOf(IParameterSymbol parameter)
    {
        if (!parameter.Type.IsReferenceType)
        {
            return Presence.Required;
        }

        bool defaultsToNull = parameter.HasExplicitDefaultValue && parameter.ExplicitDefaultValue is null;
        return parameter.Type.NullableAnnotation switch
        {
            NullableAnnotation.Annotated => Presence.Optional,
            NullableAnnotation.None when defaultsToNull => Presence.Optional,
            _ when defaultsToNull => Presence.OptionalForgiven,
            _ => Presence.Required,
        };
    }
}
