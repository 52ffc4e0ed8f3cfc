using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;
using Milter.Generators.Parsing;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports header handlers that have a string made of every field only to compare it.</summary>
internal sealed class HeaderTextCheck : FilterCheck
{
    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.ComparedText);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies)
        {
            Check(report, body);
        }
    }

    private static void Check(FilterReport report, FilterBody body)
    {
        List<IParameterSymbol> texts = [.. body.Method.Parameters.Where(parameter => parameter.Type.SpecialType == SpecialType.System_String && MarkerReader.Of(parameter).Count == 0)];
        if (body.Handles != Stages.Header || body.IsAsync || texts.Count == 0)
        {
            return;
        }

        ILookup<IParameterSymbol, IOperation> uses = body.Operations
            .OfType<IParameterReferenceOperation>()
            .ToLookup(reference => reference.Parameter, reference => (IOperation)reference, (IEqualityComparer<IParameterSymbol>)SymbolEqualityComparer.Default);

        // Name and value are of one type, so that one of them alone can't be changed.
        if (texts.All(text => uses[text].All(IsCompared)) && texts.Any(text => uses[text].Any()))
        {
            foreach (IParameterSymbol text in texts.Where(text => text.Locations.Length > 0))
            {
                report.Report(Descriptors.ComparedText, text.Locations[0], text.Name);
            }
        }
    }

    private static bool IsCompared(IOperation use)
    {
        IOperation? parent = use.Parent;
        if (parent is IArgumentOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } binary => binary.LeftOperand.ConstantValue.HasValue || binary.RightOperand.ConstantValue.HasValue,
            IIsPatternOperation { Pattern: IConstantPatternOperation } => true,
            IInvocationOperation { TargetMethod: { Name: "Equals" or "StartsWith" or "EndsWith" or "Contains", ContainingType.SpecialType: SpecialType.System_String } } call =>
                call.Arguments.All(argument => argument.Value == use || argument.Value.ConstantValue.HasValue),
            _ => false,
        };
    }
}
