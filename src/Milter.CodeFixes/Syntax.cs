using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Milter.CodeFixes;

/// <summary>Makes nodes that are formatted and shortened as the user would have written them.</summary>
internal static class Syntax
{
    /// <summary>A type by its full name, of which as much is left as is needed.</summary>
    public static TypeSyntax Type(string fullName) => SyntaxFactory.ParseTypeName("global::" + fullName).WithAdditionalAnnotations(Simplifier.Annotation, Formatter.Annotation);

    /// <summary>An expression, given as text.</summary>
    public static ExpressionSyntax Expression(string text) => SyntaxFactory.ParseExpression(text).WithAdditionalAnnotations(Simplifier.Annotation, Formatter.Annotation);

    public static AttributeListSyntax Attribute(string fullName, string? argument = null)
    {
        AttributeSyntax attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::" + fullName).WithAdditionalAnnotations(Simplifier.Annotation));
        if (argument is not null)
        {
            attribute = attribute.AddArgumentListArguments(SyntaxFactory.AttributeArgument(SyntaxFactory.ParseExpression(argument)));
        }

        return SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute));
    }

    /// <summary>A type and what came before and after it.</summary>
    public static TypeSyntax In(this TypeSyntax type, SyntaxNode place) => type.WithTriviaFrom(place);

    /// <summary>A type with a question mark.</summary>
    public static TypeSyntax OrNull(TypeSyntax type) => SyntaxFactory.NullableType(type.WithoutTrivia()).WithTriviaFrom(type);

    public static MethodDeclarationSyntax? Method(SyntaxNode node) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>();

    /// <summary>The returns of a method itself, without those of lambdas and local functions.</summary>
    public static IEnumerable<ReturnStatementSyntax> Returns(MethodDeclarationSyntax method) => method
        .DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .OfType<ReturnStatementSyntax>();
}
