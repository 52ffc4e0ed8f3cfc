using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Milter.Generators.Infrastructure;

/// <summary>Spells names and literals as C# source.</summary>
internal static class CSharpText
{
    /// <summary>A type's full name from <c>global::</c> on, with the <c>?</c> of its type arguments.</summary>
    private static readonly SymbolDisplayFormat s_qualified = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_short = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_namespace = SymbolDisplayFormat.FullyQualifiedFormat
        .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    public static string NamespaceOf(ITypeSymbol type) => type.ContainingNamespace.ToDisplayString(s_namespace);

    public static string Qualified(ITypeSymbol type) => Spell(type, s_qualified);

    /// <summary>As <see cref="Qualified"/>, without the type's own <c>?</c>.</summary>
    public static string QualifiedNotNull(ITypeSymbol type) => Qualified(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));

    /// <summary>A type's full name without any <c>?</c> of references, so that it is the same name wherever it is written.</summary>
    public static string Key(ITypeSymbol type) => Spell(type, SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>A type as people say it in a message.</summary>
    public static string Short(ITypeSymbol type) => type.ToDisplayString(s_short);

    public static string Literal(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>A name that may be a keyword, spelled so that it never is.</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;

    // The oldest compiler spells a record struct that has a keyword for its name as if it had none.
    private static string Spell(ITypeSymbol type, SymbolDisplayFormat format) => string.Concat(type.ToDisplayParts(format).Select(static part =>
        part.Kind is SymbolDisplayPartKind.RecordStructName or SymbolDisplayPartKind.RecordClassName && SyntaxFacts.GetKeywordKind(part.ToString()) != SyntaxKind.None ? "@" + part : part.ToString()));
}
