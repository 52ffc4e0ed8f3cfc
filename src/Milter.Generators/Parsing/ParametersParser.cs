using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Binds the parameters of a handler, and sorts out which text is which.</summary>
internal static class ParametersParser
{
    public static List<ParameterModel>? Parse(ParseContext context, HandlerSite site, bool isAsync)
    {
        List<ParameterModel> bound = [];
        foreach (IParameterSymbol parameter in site.Method.Parameters)
        {
            if (ParameterBinder.Bind(context, site.Stage, parameter) is not { } model)
            {
                continue;
            }

            if (isAsync && model.Info.IsRefStruct)
            {
                string instead = InsteadOfView(model.Kind, site.Stage.Stage);
                context.Report(Descriptors.ViewInAsync, context.At(parameter), ImmutableDictionary<string, string?>.Empty.Add("Instead", instead), parameter.Name, site.Method.Name, instead);
                continue;
            }

            bound.Add(model);
        }

        return bound.Count == site.Method.Parameters.Length && TellApart(context, site, bound) ? bound : null;
    }

    private static string InsteadOfView(ParameterKind kind, Stages stage) => (kind, stage) switch
    {
        (ParameterKind.HeaderField, _) => "string name, string value",
        (ParameterKind.Bytes, Stages.Helo or Stages.Unknown or Stages.Body) => "ReadOnlyMemory<byte>",
        _ => "string",
    };

    /// <summary>One text of a header field is its value, two are name and value; elsewhere a step has one text.</summary>
    private static bool TellApart(ParseContext context, HandlerSite site, List<ParameterModel> bound)
    {
        List<int> raw = [.. Enumerable.Range(0, bound.Count).Where(i => bound[i].Kind <= ParameterKind.Sequence)];
        if (site.Stage.Stage == Stages.Header)
        {
            bool mixed = raw.Count > 1 && raw.Any(i => bound[i].Kind != bound[raw[0]].Kind);
            if (mixed || raw.Count > 2)
            {
                Complain(raw[0], mixed ? raw.First(i => bound[i].Kind != bound[raw[0]].Kind) : raw[2], "one text is the field's value, two of one type are its name and value");
                return false;
            }

            if (raw.Count == 2)
            {
                ParameterKind name = bound[raw[0]].Kind == ParameterKind.Text ? ParameterKind.HeaderNameText : ParameterKind.HeaderNameBytes;
                bound[raw[0]] = bound[raw[0]] with { Kind = name };
            }

            return true;
        }

        foreach (IGrouping<ParameterKind, int> twice in raw.GroupBy(i => bound[i].Kind).Where(group => group.Count() > 1))
        {
            Complain(twice.First(), twice.ElementAt(1), $"there is one such text at [{site.Stage.Handler}]");
            return false;
        }

        return true;

        void Complain(int first, int second, string reason)
        {
            IParameterSymbol parameter = site.Method.Parameters[second];
            context.Report(Descriptors.TakenTwice, context.At(parameter), parameter.Name, site.Method.Parameters[first].Name, reason);
        }
    }
}
