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
    private static readonly string[] s_plans = ["Milter.Quarantine", "Milter.BodyEditor", RuntimeNames.MessageActions];
    private static readonly HashSet<string> s_asks = ["IsAvailable", "State", "UnavailableReason"];

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.HeldAndRefused, Descriptors.NothingToAppendTo, Descriptors.UnaskedBody);

    public override void Check(FilterReport report)
    {
        var verdicts = new VerdictValues(report.Filter);
        bool isAsked = report.Filter.Bodies.SelectMany(body => body.Operations).Any(IsAsk);
        foreach (FilterBody body in report.Bodies)
        {
            if ((body.Handles & Stages.Eom) != 0 && body.Graph is not null && body.Method.Parameters.Any(parameter => s_plans.Any(name => parameter.Type.Is(name))))
            {
                _ = new Plan((rule, place) => report.Report(rule, place), body, verdicts);
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

        private readonly Action<DiagnosticDescriptor, Location>? _report;
        private readonly FilterBody _body;
        private readonly VerdictValues _verdicts;

        /// <param name="report">Where to say what is wrong; <see langword="null"/> for a helper, of which only counts whether it holds.</param>
        /// <param name="body">The handler or helper.</param>
        /// <param name="verdicts">What its expressions can be.</param>
        public Plan(Action<DiagnosticDescriptor, Location>? report, FilterBody body, VerdictValues verdicts)
            : base(holdsOnAllWays: true)
        {
            (_report, _body, _verdicts) = (report, body, verdicts);
            Holds = Run(body.Graph!, ImmutableHashSet.Create(NotReplaced))?.Contains(Held) == true;
        }

        /// <summary>Gets a value indicating whether the message is held on each way to the end.</summary>
        private bool Holds { get; }

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
                        _report?.Invoke(Descriptors.NothingToAppendTo, call.Syntax.GetLocation());
                    }

                    return name == "Append" ? facts : facts.Remove(NotReplaced);

                case IInvocationOperation call when _report is not null && call.Arguments.Any(argument => argument.Value.Bare().Type.Is("Milter.Quarantine"))
                    && _body.Filter.BodyOf(call.TargetMethod, call) is { Graph: not null } helper && new Plan(null, helper, _verdicts).Holds:
                    return facts.Add(Held);

                // Who else gets the editor may have replaced the body.
                case IArgumentOperation { Value: var value } when value.Bare().Type.Is("Milter.BodyEditor"):
                    return facts.Remove(NotReplaced);
                case IPropertyReferenceOperation or IInvocationOperation when VerdictMembers.KindOf(operation) is { } kind:
                    Refuses(operation, kind, facts, isFinal);
                    return facts;
                case ILocalReferenceOperation or IFieldReferenceOperation when isFinal && operation.Type.Is(RuntimeNames.Verdict) && _body.At(operation.Syntax) is { } kept && !ReturnedVerdict.IsAsked(kept):
                    foreach ((string verdict, IOperation at) in _verdicts.Of(kept, _body))
                    {
                        Refuses(kept, verdict, facts, isFinal, at);
                    }

                    return facts;
                default:
                    return facts;
            }
        }

        private void Refuses(IOperation value, string kind, ImmutableHashSet<string> facts, bool isFinal, IOperation? made = null)
        {
            if (isFinal && kind is VerdictMembers.Discard or VerdictMembers.Reject or VerdictMembers.TempFail && facts.Contains(Held)
                && _body.At(value.Syntax) is { } verdict && ReturnedVerdict.IsReturned(verdict))
            {
                _report?.Invoke(Descriptors.HeldAndRefused, (made ?? value).Syntax.GetLocation());
            }
        }
    }
}
