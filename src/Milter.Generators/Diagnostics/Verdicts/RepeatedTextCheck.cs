using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports replies that repeat a header's value by way of a helper's parameter, or of a member in which another handler has left it.</summary>
internal sealed class RepeatedTextCheck : FilterCheck
{
    private const int MaxDepth = 4;

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.SendersReply);

    public override void Check(FilterReport report)
    {
        Lazy<HashSet<ISymbol>> kept = new(() => Kept(report.Filter));
        foreach (FilterBody body in report.Bodies)
        {
            foreach (IInvocationOperation reply in body.Operations.OfType<IInvocationOperation>().Where(VerdictMembers.IsChecked))
            {
                foreach (IArgumentOperation text in SenderText.TextsOf(reply))
                {
                    if (SenderText.Find(text.Value, part => Member(part) is { } member && kept.Value.Contains(member)) is { } read)
                    {
                        Say(report, read, reply);
                    }

                    Given(report, body, text.Value, reply, 0);
                }
            }
        }
    }

    /// <summary>Goes from a helper's parameter to what its callers give.</summary>
    private static void Given(FilterReport report, FilterBody body, IOperation text, IInvocationOperation reply, int depth)
    {
        if (depth > MaxDepth || SenderText.Find(text, IsHelpers) is not { } source)
        {
            return;
        }

        // Of a local, the parameter that it stands for.
        IEnumerable<IOperation> parts = source is ILocalReferenceOperation local ? Origins.Of(local)?.DescendantsAndSelf() ?? [] : [source];
        if (parts.FirstOrDefault(IsHelpers) is not IParameterReferenceOperation { Parameter: var parameter })
        {
            return;
        }

        foreach ((FilterBody caller, IInvocationOperation call) in CallsOf((IMethodSymbol)parameter.ContainingSymbol, body))
        {
            if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal) is not { } argument)
            {
                continue;
            }

            if (SenderText.Find(argument.Value, SenderText.IsHeader) is { } found)
            {
                Say(report, found, reply);
            }
            else
            {
                Given(report, caller, argument.Value, reply, depth + 1);
            }
        }
    }

    private static IEnumerable<(FilterBody Caller, IInvocationOperation Call)> CallsOf(IMethodSymbol method, FilterBody body) => method.MethodKind == MethodKind.LocalFunction
        ? body.Operations.OfType<IInvocationOperation>().Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method)).Select(call => (body, call))
        : body.Calls.Where(call => call.At is IInvocationOperation).Select(call => (call.Caller, (IInvocationOperation)call.At));

    private static bool IsHelpers(IOperation part) => part is IParameterReferenceOperation { Parameter: { Type.SpecialType: SpecialType.System_String, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.Ordinary } method } }
        && HandlerSymbols.StagesOf(method) == Stages.None;

    /// <summary>The members that are given header values, and nothing else that could be made of one.</summary>
    private static HashSet<ISymbol> Kept(FilterClass filter)
    {
        HashSet<ISymbol> kept = new(SymbolEqualityComparer.Default), other = new(SymbolEqualityComparer.Default);
        foreach (IAssignmentOperation assignment in filter.Bodies.SelectMany(body => body.Operations).OfType<IAssignmentOperation>())
        {
            if (Member(assignment.Target.Bare()) is { } member && assignment.Value.Bare() is not IDefaultValueOperation && !assignment.Value.ConstantValue.HasValue)
            {
                (SenderText.Find(assignment.Value, SenderText.IsHeader) is null ? other : kept).Add(member);
            }
        }

        kept.ExceptWith(other);
        return kept;
    }

    private static ISymbol? Member(IOperation operation) => operation is IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol, Instance: IInstanceReferenceOperation, Type.SpecialType: SpecialType.System_String } member ? member.Member.OriginalDefinition : null;

    private static void Say(FilterReport report, IOperation at, IInvocationOperation reply) => report.Report(Descriptors.SendersReply, at.Syntax.GetLocation(), reply.TargetMethod.Name);
}
