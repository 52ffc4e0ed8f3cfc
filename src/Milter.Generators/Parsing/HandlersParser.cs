using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Finds the handlers of a class and of its base classes, and puts them in the order in which they run.</summary>
internal static class HandlersParser
{
    public static IEnumerable<HandlerModel> Parse(ParseContext context)
    {
        List<(IMethodSymbol Method, HandlerModel Handler)> found = [];
        List<(IParameterSymbol Parameter, ParameterKind Kind)> taken = [];
        foreach (HandlerSite site in HandlerSite.Find(context))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (HandlerParser.Parse(context, site) is { } handler)
            {
                found.Add((site.Method, handler));
                taken.AddRange(handler.Parameters.Select((parameter, i) => (site.Method.Parameters[i], parameter.Kind)));
            }
        }

        CheckOrder(context, found);
        CheckActions(context, taken);

        // Two that need no order between them are put in that of their names, so that the text does not depend on files.
        return found
            .Select(item => item.Handler)
            .OrderBy(handler => handler.Stage)
            .ThenBy(handler => handler.Depth)
            .ThenBy(handler => handler.Order)
            .ThenBy(handler => handler.Name, StringComparer.Ordinal)
            .ThenBy(handler => string.Join(",", handler.HeaderNames), StringComparer.Ordinal);
    }

    private static void CheckOrder(ParseContext context, List<(IMethodSymbol Method, HandlerModel Handler)> found)
    {
        for (int later = 1; later < found.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                (IMethodSymbol method, HandlerModel handler) = found[later];
                HandlerModel other = found[earlier].Handler;
                if (handler.Stage == other.Stage && handler.Depth == other.Depth && handler.Order == other.Order && CanBothRun(handler, other))
                {
                    context.Report(Descriptors.NeedOrder, context.At(method), other.Name, handler.Name, StageInfo.Of(handler.Stage).Handler);
                    break;
                }
            }
        }
    }

    private static bool CanBothRun(HandlerModel one, HandlerModel other) =>
        one.HeaderNames.Count == 0 || other.HeaderNames.Count == 0 || one.HeaderNames.Intersect(other.HeaderNames, StringComparer.OrdinalIgnoreCase).Any();

    private static void CheckActions(ParseContext context, List<(IParameterSymbol Parameter, ParameterKind Kind)> taken)
    {
        IParameterSymbol? editor = taken
            .Where(item => item.Kind is >= ParameterKind.HeaderEditor and <= ParameterKind.Quarantine)
            .Select(item => item.Parameter)
            .FirstOrDefault();
        if (editor is null)
        {
            return;
        }

        foreach ((IParameterSymbol parameter, _) in taken.Where(item => item.Kind == ParameterKind.MessageActions))
        {
            context.Report(Descriptors.ActionsBesideEditor, context.At(parameter), parameter.Name, editor.Name);
        }
    }
}
