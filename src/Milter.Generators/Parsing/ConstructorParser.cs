using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Picks the constructor and says where each of its parameters comes from.</summary>
internal static class ConstructorParser
{
    private const string SetsRequiredMembers = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";
    private const string FromKeyedServices = "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute";

    public static IEnumerable<ServiceModel> Parse(ParseContext context)
    {
        if (Pick(context) is not { } constructor)
        {
            return [];
        }

        context.Uses(constructor);
        if (!constructor.Has(SetsRequiredMembers) && RequiredMember(context) is { } member)
        {
            context.Report(Descriptors.RequiredMembers, context.At(member), member.Name, context.Milter.Name);
        }

        return [.. constructor.Parameters.Select(parameter => Parameter(context, parameter)).OfType<ServiceModel>()];
    }

    private static IMethodSymbol? Pick(ParseContext context)
    {
        List<IMethodSymbol> all = [.. context.Milter.InstanceConstructors.Where(constructor => !IsCopy(constructor))];
        List<IMethodSymbol> offered = [.. all.Where(constructor => constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal)];
        if (offered.Count > 1)
        {
            context.Report(Descriptors.SeveralConstructors, context.Place, context.Milter.Name, offered.Count);
            return null;
        }

        // Code for the class may also call a private one, if that is all there is.
        IMethodSymbol? picked = offered.Count == 1 ? offered[0] : all.Count == 1 ? all[0] : null;
        if (picked is null && all.Count > 1)
        {
            context.Report(Descriptors.SeveralConstructors, context.Place, context.Milter.Name, "no");
        }

        return picked;
    }

    private static bool IsCopy(IMethodSymbol constructor) => constructor.ContainingType.IsRecord
        && constructor.Parameters.Length == 1
        && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, constructor.ContainingType);

    private static ISymbol? RequiredMember(ParseContext context) => context.Lineage()
        .SelectMany(type => type.GetMembers())
        .FirstOrDefault(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });

    private static ServiceModel? Parameter(ParseContext context, IParameterSymbol parameter)
    {
        ITypeSymbol type = parameter.Type;
        if (type.TypeKind == TypeKind.Error)
        {
            context.Fail();
            return null;
        }

        string? key = null;
        string? reason = WhyUnusable(parameter);
        if (reason is null && parameter.Attribute(FromKeyedServices) is { } keyed && (key = Key(keyed)) is null)
        {
            reason = "its key is neither a text nor an int";
        }

        if (reason is not null)
        {
            context.Report(Descriptors.ConstructorParameter, context.At(parameter), parameter.Name, reason);
            return null;
        }

        context.CheckName(type, context.At(parameter));
        return new ServiceModel(CSharpText.Identifier(parameter.Name), CSharpText.QualifiedNotNull(type), Form(parameter), key);
    }

    private static string? WhyUnusable(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: not RefKind.None } => "it is passed by reference",
        { Type.IsRefLikeType: true } => "a ref struct can't be a service",
        { Type.TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => "a pointer can't be a service",
        _ => null,
    };

    private static string? Key(AttributeData keyed) => keyed.ConstructorArguments is { Length: 1 } arguments && arguments[0] is { Kind: TypedConstantKind.Primitive, Value: string or int or char or bool } key
        ? SymbolDisplay.FormatPrimitive(key.Value, quoteStrings: true, useHexadecimalNumbers: false)
        : null;

    private static ServiceForm Form(IParameterSymbol parameter)
    {
        if (parameter.Type.Is("System.IServiceProvider"))
        {
            return ServiceForm.Provider;
        }

        if (parameter.IsParams)
        {
            return ServiceForm.Omitted;
        }

        if (parameter.Type.NullableAnnotation == NullableAnnotation.Annotated)
        {
            return ServiceForm.Optional;
        }

        return parameter switch
        {
            { HasExplicitDefaultValue: false } => ServiceForm.Required,
            { ExplicitDefaultValue: null, Type: { IsReferenceType: true, NullableAnnotation: NullableAnnotation.None } } => ServiceForm.Optional,
            { ExplicitDefaultValue: null, Type.IsReferenceType: true } => ServiceForm.OptionalForgiven,
            _ => ServiceForm.Omitted,
        };
    }
}
