using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports edits that choose fields by their values where nothing in the class asks for values: for an editor the names are collected, and no more.</summary>
internal sealed class ShownValuesCheck : FilterCheck
{
    private const string Headers = "Milter.MessageHeaders";

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.ValuesNotKept);

    public override void Check(FilterReport report)
    {
        if (report.Filter.Handlers.SelectMany(handler => handler.Method.Parameters).Any(MayCollectValues))
        {
            return;
        }

        foreach (IInvocationOperation call in report.Bodies.SelectMany(body => body.Operations).OfType<IInvocationOperation>())
        {
            if (call.TargetMethod is { Name: "RemoveWhere" or "ChangeEach", ContainingType: { } type } && type.Is(RuntimeNames.HeaderEditor))
            {
                report.Report(Descriptors.ValuesNotKept, call.Syntax.GetLocation(), call.TargetMethod.Name);
            }
        }
    }

    /// <summary>All values, or what a binder makes, which may need them.</summary>
    private static bool MayCollectValues(IParameterSymbol parameter) => parameter.Type.Is(Headers)
        || (parameter.Type.TypeKind != TypeKind.Error && !Markers.IsMarked(parameter) && !ParameterInfo.All.Any(row => row.Marker == Marker.None && row.Type.Length > 0 && parameter.Type.Is(row.Type)));
}
