using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what at the end of a message has no effect or throws: holding what is refused, appending to a body that is not new, reading one that is not there.</summary>
internal sealed class EndOfMessageCheck : FilterCheck
{
    private static readonly HashSet<string> s_asks = ["IsAvailable", "State", "UnavailableReason"];

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.HeldAndRefused, Descriptors.NothingToAppendTo, Descriptors.UnaskedBody);

    public override void Check(FilterReport report)
    {
        bool isAsked = report.Filter.Bodies.SelectMany(body => body.Operations).Any(IsAsk);
        foreach (FilterBody body in report.Bodies)
        {
            if ((body.Handles & Stages.Eom) != 0 && body.Graph is not null && body.Operations.Any(operation => operation is IInvocationOperation { TargetMethod.Name: "Hold" or "Quarantine" or "Append" }))
            {
                _ = new Plan(report, body);
            }

            foreach (IInvocationOperation call in isAsked ? [] : body.Operations.OfType<IInvocationOperation>())
            {
                if (call.TargetMethod is { Name: "OpenRead" or "CopyToAsync", ContainingType: { } type } && type.Is("Milter.MessageBody"))
                {
                    report.Report(Descriptors.UnaskedBody, call.Syntax.GetLocation(), call.TargetMethod.Name);
                }
            }
        }
    }

    private static bool IsAsk(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: var name, ContainingType: { } type } } => s_asks.Contains(name) && type.Is("Milter.MessageBody"),
        IInvocationOperation { TargetMethod: { Name: "TryGetMemory", ContainingType: { } type } } => type.Is("Milter.MessageBody"),
        _ => false,
    };

    /// <summary>Follows what was surely asked for before a place of the handler.</summary>
    private sealed class Plan : ControlFlow<string>
    {
        private const string Held = nameof(Held);
        private const string NotReplaced = nameof(NotReplaced);

        private readonly FilterReport _report;
        private readonly FilterBody _body;

        public Plan(FilterReport report, FilterBody body)
            : base(holdsOnAllWays: true)
        {
            (_report, _body) = (report, body);
            Run(body.Graph!, ImmutableHashSet.Create(NotReplaced));
        }

        protected override IEqualityComparer<string> Comparer => StringComparer.Ordinal;

        protected override ImmutableHashSet<string> After(IOperation operation, ImmutableHashSet<string> facts, bool isFinal)
        {
            switch (operation)
            {
                case IInvocationOperation { TargetMethod: { Name: "Hold" or "Quarantine", ContainingType: { } type } } when type.Is("Milter.Quarantine") || type.Is(RuntimeNames.MessageActions):
                    return facts.Add(Held);
                case IInvocationOperation { TargetMethod: { Name: var name, ContainingType: { } type } } call when type.Is("Milter.BodyEditor"):
                    if (isFinal && name == "Append" && facts.Contains(NotReplaced))
                    {
                        _report.Report(Descriptors.NothingToAppendTo, call.Syntax.GetLocation());
                    }

                    return name == "Append" ? facts : facts.Remove(NotReplaced);

                // Who else gets the editor may have replaced the body.
                case IArgumentOperation { Value: var value } when value.Bare().Type.Is("Milter.BodyEditor"):
                    return facts.Remove(NotReplaced);
                case IPropertyReferenceOperation { Property: { Name: "Discard", IsStatic: true, ContainingType: { } type } } when type.Is(RuntimeNames.Verdict):
                case IInvocationOperation { TargetMethod: { Name: "Reject" or "TempFail", ContainingType: { } of } } when of.Is(RuntimeNames.Verdict):
                    if (isFinal && facts.Contains(Held) && _body.At(operation.Syntax) is { } verdict && verdict.IsIn<IReturnOperation>())
                    {
                        _report.Report(Descriptors.HeldAndRefused, operation.Syntax.GetLocation());
                    }

                    return facts;
                default:
                    return facts;
            }
        }
    }
}
