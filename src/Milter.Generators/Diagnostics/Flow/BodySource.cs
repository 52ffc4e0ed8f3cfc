using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Gives the bodies of methods: those that the driver has bound for the class at hand, and others of the compilation where a handler gets to them.</summary>
internal sealed class BodySource(Compilation compilation, IReadOnlyDictionary<ISymbol, ImmutableArray<IOperation>> bound, CancellationToken ct)
{
    private readonly Dictionary<ISymbol, ImmutableArray<IOperation>> _others = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, IOperation?> _initials = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<string, bool> _words = [];

    public CancellationToken Cancellation => ct;

    public ImmutableArray<IOperation> Of(IMethodSymbol method)
    {
        method = method.PartialImplementationPart ?? method;
        if (bound.TryGetValue(method, out ImmutableArray<IOperation> blocks) || _others.TryGetValue(method, out blocks))
        {
            return blocks;
        }

        ct.ThrowIfCancellationRequested();
        return _others[method] = Bind(method).ToImmutableArray();
    }

    /// <summary>The value that a field or property of this compilation is made with, wherever it stands; <see langword="null"/> where there is none.</summary>
    public IOperation? InitialOf(ISymbol member)
    {
        if (!_initials.TryGetValue(member, out IOperation? value))
        {
            EqualsValueClauseSyntax? initializer = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(ct) switch
            {
                VariableDeclaratorSyntax field => field.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            _initials[member] = value = initializer is null ? null : (ModelOf(initializer)?.GetOperation(initializer, ct) as ISymbolInitializerOperation)?.Value;
        }

        return value;
    }

    /// <summary>Says whether a word stands anywhere in the program's code. Reads all of it, so it is asked last.</summary>
    public bool Names(string identifier)
    {
        if (!_words.TryGetValue(identifier, out bool found))
        {
            _words[identifier] = found = compilation.SyntaxTrees.Any(tree =>
                tree.GetText(ct).ToString().Contains(identifier) && tree.GetRoot(ct).DescendantTokens().Any(token => token.ValueText == identifier));
        }

        return found;
    }

#pragma warning disable RS1030 // A base class stands in another file than its handlers' class as often as not; it is bound once, and only where handlers get to it.
    private IEnumerable<IOperation> Bind(IMethodSymbol method) =>
        from reference in method.DeclaringSyntaxReferences
        let syntax = reference.GetSyntax(ct)
        let body = ModelOf(syntax)?.GetOperation(syntax, ct)
        where body is not null
        select body;

    private SemanticModel? ModelOf(SyntaxNode syntax) => compilation.ContainsSyntaxTree(syntax.SyntaxTree) ? compilation.GetSemanticModel(syntax.SyntaxTree) : null;
#pragma warning restore RS1030
}
