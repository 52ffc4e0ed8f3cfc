using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports asynchronous handlers that wait for what could be given up, but take no token. Where they take one, CA2016 of the SDK sees that it is handed on.</summary>
internal sealed class TokenCheck : FilterCheck
{
    private const string Token = "System.Threading.CancellationToken";

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.NoToken);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies)
        {
            if (body.Handles != Stages.None && body.IsAsync && !body.Method.IsOverride && !body.Method.Parameters.Any(parameter => parameter.Type.Is(Token)))
            {
                Check(report, body);
            }
        }
    }

    private static void Check(FilterReport report, FilterBody body)
    {
        foreach (IInvocationOperation call in body.Operations.OfType<IInvocationOperation>())
        {
            if (HandlerSymbols.IsTaskLike(call.TargetMethod.ReturnType) && CanBeGivenUp(call) && call.Enclosing() is null)
            {
                report.Report(Descriptors.NoToken, call.Syntax.GetLocation(), body.Method.Name, call.TargetMethod.Name);
            }
        }
    }

    private static bool CanBeGivenUp(IInvocationOperation call)
    {
        if (call.Arguments.Any(argument => argument.Parameter?.Type.Is(Token) == true))
        {
            return call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.DefaultValue && argument.Parameter!.Type.Is(Token));
        }

        IMethodSymbol called = call.TargetMethod.OriginalDefinition;

        // Task.Run and its kin take a token for something else.
        return (!called.ContainingType.Is("System.Threading.Tasks.Task") || called.Name == "Delay")
            && called.ContainingType.GetMembers(called.Name).OfType<IMethodSymbol>().Any(other => TakesToken(other, called));
    }

    private static bool TakesToken(IMethodSymbol other, IMethodSymbol called) =>
        other.IsStatic == called.IsStatic
        && other.Arity == called.Arity
        && other.DeclaredAccessibility >= called.DeclaredAccessibility
        && other.Parameters.Length == called.Parameters.Length + 1
        && other.Parameters[other.Parameters.Length - 1].Type.Is(Token)
        && called.Parameters.Zip(other.Parameters, (mine, theirs) => SymbolEqualityComparer.Default.Equals(mine.Type, theirs.Type)).All(same => same);
}
