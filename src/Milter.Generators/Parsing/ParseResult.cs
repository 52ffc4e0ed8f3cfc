using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>What the parser found: a model to emit, or the reasons why there is none.</summary>
/// <remarks>Neither where the compiler has reported the reason already, an unknown type for one.</remarks>
internal readonly record struct ParseResult(MilterModel? Model, ImmutableArray<Diagnostic> Diagnostics);
