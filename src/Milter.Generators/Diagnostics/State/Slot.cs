using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics;

/// <summary>A place that keeps a value: a member of a filter or a constructor parameter, or a part of what it holds.</summary>
/// <param name="Root">The member or parameter.</param>
/// <param name="Path">The members below it, each with a dot before it; empty for the whole.</param>
internal readonly record struct Slot(ISymbol Root, string Path)
{
    public Slot Part(string name) => this with { Path = $"{Path}.{name}" };

    /// <summary>Says whether giving this a value gives <paramref name="other"/> one as well.</summary>
    public bool Covers(Slot other) => IsSameRoot(other) && (other.Path == Path || other.Path.StartsWith(Path + ".", StringComparison.Ordinal));

    /// <summary>Says whether one is a part of the other.</summary>
    public bool Overlaps(Slot other) => Covers(other) || other.Covers(this);

    public bool Equals(Slot other) => IsSameRoot(other) && Path == other.Path;

    public override int GetHashCode() => (SymbolEqualityComparer.Default.GetHashCode(Root) * 31) + Path.GetHashCode();

    private bool IsSameRoot(Slot other) => SymbolEqualityComparer.Default.Equals(Root, other.Root);
}
