using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports handlers that block the thread on which the engine runs all sessions.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WaitAnalyzer : HandlerBodyAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.BlockingWait);

    private protected override void Check(HandlerBody body)
    {
        HashSet<ISymbol> done = new(Finished(body), SymbolEqualityComparer.Default);
        foreach (IOperation operation in body.Operations)
        {
            if (Waits(operation) is { } how && !IsFinished(operation, done))
            {
                body.Report(Descriptors.BlockingWait, operation.Syntax.GetLocation(), body.Method.Name, how);
            }
        }
    }

    private static string? Waits(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType: { } type } } when HandlerSymbols.IsTaskLike(type) => "await the task",
        IInvocationOperation { TargetMethod: { Name: "Wait" or "WaitAll" or "WaitAny", ContainingType: { } type } } when HandlerSymbols.IsTaskLike(type) => "await the task",
        IInvocationOperation { TargetMethod.Name: "GetResult", Instance: IInvocationOperation { TargetMethod.Name: "GetAwaiter", Instance.Type: { } type } } when HandlerSymbols.IsTaskLike(type) => "await the task",
        IInvocationOperation { TargetMethod: { Name: "Sleep", ContainingType: { } type } } when type.Is("System.Threading.Thread") => "await Task.Delay",
        IInvocationOperation { TargetMethod: { Name: "Wait", ContainingType: { } type } } when type.Is("System.Threading.SemaphoreSlim") => "await WaitAsync",
        IInvocationOperation { TargetMethod: { Name: "WaitOne" or "WaitAll" or "WaitAny", ContainingType: { } type } } when type.Is("System.Threading.WaitHandle") => "await something instead",
        _ => null,
    };

    /// <summary>The locals whose task was awaited, or asked whether it is complete: their result is there.</summary>
    private static IEnumerable<ISymbol> Finished(HandlerBody body)
    {
        foreach (IOperation operation in body.Operations)
        {
            IOperation? asked = operation switch
            {
                IAwaitOperation awaited => awaited.Operation,
                IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully", Instance: { } task } => task,
                _ => null,
            };
            foreach (ILocalReferenceOperation local in asked?.DescendantsAndSelf().OfType<ILocalReferenceOperation>() ?? [])
            {
                yield return local.Local;
            }
        }
    }

    private static bool IsFinished(IOperation operation, HashSet<ISymbol> done) =>
        operation.Descendants().OfType<ILocalReferenceOperation>().Any(local => done.Contains(local.Local));
}
