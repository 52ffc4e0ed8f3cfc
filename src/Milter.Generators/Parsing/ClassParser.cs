using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Parsing;

/// <summary>Checks the class itself and reads how it is declared.</summary>
internal static class ClassParser
{
    public static void Check(ParseContext context)
    {
        INamedTypeSymbol milter = context.Milter;
        for (INamedTypeSymbol? type = milter; type is not null; type = type.ContainingType)
        {
            if (NotPartial(type, context.Cancellation) is { } declaration)
            {
                context.Report(Descriptors.NotPartial, declaration.Identifier.GetLocation(), type.Name, milter.Name);
            }
        }

        if (WhyUnsupported(milter) is { } reason)
        {
            context.Report(Descriptors.UnsupportedClass, context.Place, milter.Name, reason);
        }

        if (context.Lineage().Skip(1).FirstOrDefault(type => type.Has(RuntimeNames.MilterAttribute)) is { } derivedFrom)
        {
            context.Report(Descriptors.DerivesFromMilter, context.Place, milter.Name, derivedFrom.Name);
        }
    }

    /// <summary>The types around it, outermost first, each as a partial declaration.</summary>
    public static IEnumerable<string> Containers(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? [.. Containers(outer), Header(outer)] : [];

    public static string Header(INamedTypeSymbol type)
    {
        string keyword = type switch
        {
            { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
            { IsRecord: true } => "record",
            { TypeKind: TypeKind.Struct } => "struct",
            { TypeKind: TypeKind.Interface } => "interface",
            _ => "class",
        };
        return $"partial {keyword} {CSharpText.Identifier(type.Name)}";
    }

    private static TypeDeclarationSyntax? NotPartial(INamedTypeSymbol type, CancellationToken ct) => type.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax(ct))
        .OfType<TypeDeclarationSyntax>()
        .FirstOrDefault(declaration => !declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string? WhyUnsupported(INamedTypeSymbol milter)
    {
        for (INamedTypeSymbol? type = milter; type is not null; type = type.ContainingType)
        {
            string inside = SymbolEqualityComparer.Default.Equals(type, milter) ? "" : $"nested in '{type.Name}', which is ";
            if (type.IsFileLocal)
            {
                return inside + "local to its file, so generated code can't see it";
            }

            if (type.Arity > 0)
            {
                return inside + "generic, so there is no one class to negotiate for";
            }
        }

        return milter switch
        {
            { TypeKind: not TypeKind.Class } => "not a class",
            { IsStatic: true } => "static, and an instance is made for each session",
            { IsAbstract: true } => "abstract; mark the class that derives from it",
            _ => null,
        };
    }
}
