using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Gives the bodies of methods: those that the driver has bound for the class at hand, and others of the compilation where a handler gets to them.</summary>
internal sealed class BodySource(Compilation compilation, IReadOnlyDictionary<ISymbol, ImmutableArray<IOperation>> bound, CancellationToken ct)
{
    private readonly Dictionary<ISymbol, ImmutableArray<IOperation>> _others = new(SymbolEqualityComparer.Default);

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

#pragma warning disable RS1030 // A base class stands in another file than its handlers' class as often as not; it is bound once, and only where handlers get to it.
    private IEnumerable<IOperation> Bind(IMethodSymbol method) =>
        from reference in method.DeclaringSyntaxReferences
        let syntax = reference.GetSyntax(ct)
        where compilation.ContainsSyntaxTree(syntax.SyntaxTree)
        let body = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, ct)
        where body is not null
        select body;
#pragma warning restore RS1030
}
