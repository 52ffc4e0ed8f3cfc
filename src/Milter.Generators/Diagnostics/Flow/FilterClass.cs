using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>A class and its bases as the engine goes through them: which stages get to which member. Made once for a class and a compilation, and then only read.</summary>
/// <remarks>
/// A body is got to by being a handler, by a call, by the use of a property, or as a delegate. A virtual member stands for its override in this class. Lambdas and local
/// functions belong to the body that they stand in; what is given to <c>Task.Run</c> and its kin runs beside the handler (<see cref="Work"/>).
/// </remarks>
internal sealed class FilterClass
{
    private readonly Dictionary<ISymbol, FilterBody> _bodies = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, FilterBody?> _others = new(SymbolEqualityComparer.Default);

    private FilterClass(INamedTypeSymbol type, BodySource source)
    {
        Type = type;
        Source = source;
        Lineage = Bases(type).Where(at => at.DeclaringSyntaxReferences.Length > 0).ToImmutableArray();
    }

    public INamedTypeSymbol Type { get; }

    public BodySource Source { get; }

    /// <summary>Gets the class and those of its bases that have source, most derived first.</summary>
    public ImmutableArray<INamedTypeSymbol> Lineage { get; }

    /// <summary>Gets the bodies that handlers get to, in the order of the text.</summary>
    public ImmutableArray<FilterBody> Bodies { get; private set; } = ImmutableArray<FilterBody>.Empty;

    public IEnumerable<FilterBody> Handlers => Bodies.Where(body => body.Handles != Stages.None);

    public static FilterClass Of(INamedTypeSymbol type, BodySource source)
    {
        var filter = new FilterClass(type, source);
        filter.Walk();
        return filter;
    }

    /// <summary>The body that runs when a method is called on an instance of this class; <see langword="null"/> for what is not its own, or that no handler gets to.</summary>
    /// <param name="method">The method.</param>
    /// <param name="at">The call: by <c>base.</c> it gets to the method itself, and not to its override.</param>
    public FilterBody? BodyOf(IMethodSymbol method, IOperation at) => Own(method, IsOfBase(at)) is { } own && _bodies.TryGetValue(own, out FilterBody? body) ? body : null;

    /// <summary>The body of another class's method that a call surely gets to; <see langword="null"/> for one that may be overridden, and for what has no source here.</summary>
    public FilterBody? OtherBodyOf(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        if (method is { DeclaringSyntaxReferences.Length: 0 } or { IsAbstract: true } or { MethodKind: not MethodKind.Ordinary } || (method is { IsVirtual: true } or { IsOverride: true } && !method.ContainingType.IsSealed) || IsOwn(method))
        {
            return null;
        }

        if (!_others.TryGetValue(method, out FilterBody? body))
        {
            _others[method] = body = new FilterBody(this, method, Source.Of(method), Stages.None);
        }

        return body;
    }

    public bool IsOwn(ISymbol member) => Lineage.Any(type => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, member.ContainingType?.OriginalDefinition));

    private void Walk()
    {
        var left = new Queue<FilterBody>();
        foreach (IMethodSymbol method in Lineage.SelectMany(type => type.GetMembers()).OfType<IMethodSymbol>())
        {
            Stages stages = HandlerSymbols.StagesOf(method);
            if (stages != Stages.None && !_bodies.ContainsKey(Own(method, isExact: false)!) && Add(Own(method, isExact: false)!, stages) is { } handler && handler.Reach(stages, isDetached: false))
            {
                left.Enqueue(handler);
            }
        }

        while (left.Count > 0)
        {
            FilterBody from = left.Dequeue();
            foreach ((IMethodSymbol method, IOperation at) in Uses(from))
            {
                if (Own(method, IsOfBase(at)) is not { } own)
                {
                    continue;
                }

                FilterBody to = _bodies.TryGetValue(own, out FilterBody? known) ? known : Add(own, Stages.None);
                bool leaves = Work.IsDetached(at);
                bool isNews = to.Reach(leaves ? Stages.None : from.Attached, isDetached: false) | to.Reach(leaves ? from.Stages : from.Detached, isDetached: true);
                if (!to.Calls.Any(call => call.At == at))
                {
                    to.CalledFrom(from, at);
                }

                if (isNews)
                {
                    left.Enqueue(to);
                }
            }
        }

        Bodies = _bodies.Values.OrderBy(body => Place(body.Method).Path, StringComparer.Ordinal).ThenBy(body => Place(body.Method).Start).ToImmutableArray();
    }

    private FilterBody Add(IMethodSymbol method, Stages handles) => _bodies[method] = new FilterBody(this, method, Source.Of(method), handles);

    private IEnumerable<(IMethodSymbol Method, IOperation At)> Uses(FilterBody body)
    {
        foreach (IOperation operation in body.Operations)
        {
            switch (operation)
            {
                case IInvocationOperation { TargetMethod.MethodKind: not MethodKind.LocalFunction } call:
                    yield return (call.TargetMethod, call);
                    break;
                case IMethodReferenceOperation { Method.MethodKind: not MethodKind.LocalFunction } reference:
                    yield return (reference.Method, reference);
                    break;
                case IPropertyReferenceOperation { Property: var property }:
                    foreach (IMethodSymbol accessor in new[] { property.GetMethod, property.SetMethod }.OfType<IMethodSymbol>())
                    {
                        bool isUsed = accessor.MethodKind == MethodKind.PropertySet ? operation.IsWritten() : operation.IsRead();
                        if (isUsed)
                        {
                            yield return (accessor, operation);
                        }
                    }

                    break;
            }
        }
    }

    /// <summary>The method of this class or a base that a call gets to; <see langword="null"/> for one of another class.</summary>
    private IMethodSymbol? Own(IMethodSymbol method, bool isExact)
    {
        method = method.ReducedFrom ?? method;
        if (!IsOwn(method))
        {
            return null;
        }

        foreach (ISymbol member in !isExact && (method.IsVirtual || method.IsAbstract || method.IsOverride) ? Lineage.SelectMany(type => type.GetMembers(method.Name)) : [])
        {
            for (IMethodSymbol? at = member as IMethodSymbol; at is not null; at = at.OverriddenMethod)
            {
                if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, method.OriginalDefinition))
                {
                    return (IMethodSymbol)member.OriginalDefinition;
                }
            }
        }

        method = method.OriginalDefinition;
        return method.PartialImplementationPart ?? method;
    }

    private static bool IsOfBase(IOperation at) => at switch
    {
        IInvocationOperation call => call.Instance?.Syntax is BaseExpressionSyntax,
        IMemberReferenceOperation member => member.Instance?.Syntax is BaseExpressionSyntax,
        _ => false,
    };

    private static (string Path, int Start) Place(ISymbol symbol) => symbol.Locations.FirstOrDefault() is { SourceTree: { } tree } place ? (tree.FilePath, place.SourceSpan.Start) : ("", 0);

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        HashSet<INamedTypeSymbol> seen = new(SymbolEqualityComparer.Default);
        for (INamedTypeSymbol? at = type; at is { SpecialType: not SpecialType.System_Object } && seen.Add(at); at = at.BaseType)
        {
            yield return at;
        }
    }
}
