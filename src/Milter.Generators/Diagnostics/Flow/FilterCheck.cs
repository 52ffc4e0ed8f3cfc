using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Rules about what a filter's handlers do, and what they call.</summary>
internal abstract class FilterCheck
{
    public abstract ImmutableArray<DiagnosticDescriptor> Rules { get; }

    public abstract void Check(FilterReport report);
}
