using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Reads one method at one stage.</summary>
internal static class HandlerParser
{
    private const string Task = "System.Threading.Tasks.Task";
    private const string ValueTask = "System.Threading.Tasks.ValueTask";

    public static HandlerModel? Parse(ParseContext context, HandlerSite site)
    {
        IMethodSymbol method = site.Method;
        if (WhyNoHandler(method) is { } reason)
        {
            context.Report(Descriptors.HandlerForm, context.At(method), method.Name, reason);
            return null;
        }

        if (!context.CanUse(method))
        {
            context.Report(Descriptors.InaccessibleHandler, context.At(method), $"{method.ContainingType.Name}.{method.Name}", context.Milter.Name);
            return null;
        }

        string? receiver = Receivers.Of(context, method);
        ReturnKind? returns = Returns(context, site);
        List<ParameterModel>? parameters = ParametersParser.Parse(context, site, method.IsAsync || method.PartialImplementationPart?.IsAsync == true);
        List<string>? names = HeaderNames(context, site);
        if (receiver is null || returns is not { } known || parameters is null || names is null)
        {
            return null;
        }

        return new HandlerModel(
            site.Stage.Stage,
            method.Name,
            receiver,
            site.Depth,
            site.Attribute.Named(RuntimeNames.Order, absent: 0),
            known,
            names.ToEquatableArray(),
            parameters.ToEquatableArray());
    }

    private static string? WhyNoHandler(IMethodSymbol method) => method switch
    {
        { MethodKind: MethodKind.ExplicitInterfaceImplementation } => "an explicit implementation of an interface, which has no name to call it by",
        { MethodKind: not MethodKind.Ordinary } => "not an ordinary method",
        { IsGenericMethod: true } => "generic, and nothing says for which type it should be called",
        { IsVararg: true } => "a method with __arglist",
        _ => null,
    };

    private static ReturnKind? Returns(ParseContext context, HandlerSite site)
    {
        IMethodSymbol method = site.Method;
        if (method.ReturnType.TypeKind == TypeKind.Error)
        {
            context.Fail();
            return null;
        }

        if (method.ReturnsVoid && (method.IsAsync || method.PartialImplementationPart?.IsAsync == true))
        {
            context.Report(Descriptors.AsyncVoid, ReturnPlace(context, method), method.Name);
            return null;
        }

        if (Kind(method) is not { } kind)
        {
            context.Report(Descriptors.HandlerReturn, ReturnPlace(context, method), method.Name, CSharpText.Short(method.ReturnType));
            return null;
        }

        if (!site.Stage.CanReply && kind is ReturnKind.Verdict or ReturnKind.TaskOfVerdict or ReturnKind.ValueTaskOfVerdict)
        {
            context.Report(Descriptors.NoVerdictHere, ReturnPlace(context, method), method.Name, site.Stage.Handler);
            return null;
        }

        return kind;
    }

    private static ReturnKind? Kind(IMethodSymbol method)
    {
        ITypeSymbol type = method.ReturnType;
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
        {
            return null;
        }

        return type switch
        {
            _ when method.ReturnsVoid => ReturnKind.Void,
            _ when type.Is(RuntimeNames.Verdict) => ReturnKind.Verdict,
            _ when type.Is(Task) => ReturnKind.Task,
            _ when type.Is(ValueTask) => ReturnKind.ValueTask,
            _ when type.Is(Task + "`1", result => result.Is(RuntimeNames.Verdict)) => ReturnKind.TaskOfVerdict,
            _ when type.Is(ValueTask + "`1", result => result.Is(RuntimeNames.Verdict)) => ReturnKind.ValueTaskOfVerdict,
            _ => null,
        };
    }

    private static List<string>? HeaderNames(ParseContext context, HandlerSite site)
    {
        List<string> names = [];
        if (site.Stage.Stage != Stages.Header
            || site.Attribute.ConstructorArguments.FirstOrDefault() is not { Kind: TypedConstantKind.Array, IsNull: false } written)
        {
            return names;
        }

        bool valid = true;
        foreach (TypedConstant value in written.Values)
        {
            string? name = value.Value as string;
            if (Names.WhyNoHeader(name) is { } reason)
            {
                context.Report(Descriptors.InvalidName, site.Attribute.LocationOf(context.Cancellation), name ?? "", "header field", reason);
                valid = false;
            }
            else if (!names.Contains(name!, StringComparer.OrdinalIgnoreCase))
            {
                names.Add(name!);
            }
        }

        return valid ? names : null;
    }

    private static Location ReturnPlace(ParseContext context, IMethodSymbol method) => method.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax(context.Cancellation))
        .OfType<MethodDeclarationSyntax>()
        .FirstOrDefault()?.ReturnType.GetLocation() ?? context.At(method);
}
