using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes the calls of handlers: each argument is read from the step where it is passed, and nowhere else.</summary>
/// <param name="model">The milter.</param>
/// <param name="handlers">The handlers of one stage.</param>
/// <param name="isShared">Whether a handler sees the variables of those before it, and does not stand in a block of its own.</param>
internal sealed class ArgumentEmitter(MilterModel model, IReadOnlyList<HandlerModel> handlers, bool isShared)
{
    private readonly IReadOnlyList<string> _macros = model.Macros();
    private readonly IReadOnlyList<string> _headers = model.NamedHeaders();
    private readonly IReadOnlyList<string> _allOfHeaders = model.AllOfNamedHeaders();
    private readonly Dictionary<BinderModel, string> _bound = [];
    private int _count;

    public static string Method(HandlerModel handler) => $"{handler.Receiver}.{CSharpText.Identifier(handler.Name)}";

    public IReadOnlyList<string> Arguments(HandlerModel handler) => [.. handler.Parameters.Select(Argument)];

    /// <summary>
    /// Writes the statements that get the values of binders which this handler is the first to take: before the call, because what else it takes
    /// may be views, which can't live across an await.
    /// </summary>
    public IEnumerable<string> Bindings(HandlerModel handler)
    {
        if (!isShared)
        {
            _bound.Clear();
        }

        foreach (ParameterModel parameter in handler.Parameters)
        {
            if (parameter.Binder is { } binder && !_bound.ContainsKey(binder))
            {
                string variable = $"bound{_count++}";
                string bind = $"await step.Bind<{binder.Binder}, {binder.Value}>().ConfigureAwait(false)";
                _bound.Add(binder, variable);
                yield return IsOptional(binder)
                    ? $"{binder.Value}? {variable} = step.Offers({EmittedNames.Actions(parameter.Wants)}) ? {bind} : null;"
                    : $"{binder.Value} {variable} = {bind};";
            }
        }
    }

    /// <summary>Says whether the value is left out where its actions are not offered: where one handler needs it, it is made, once, for all.</summary>
    private bool IsOptional(BinderModel binder) => handlers
        .SelectMany(handler => handler.Parameters)
        .Where(parameter => parameter.Binder == binder)
        .All(parameter => parameter.Presence != Presence.Required && parameter.Wants != ActionFlags.None);

    private string Argument(ParameterModel parameter)
    {
        if (parameter.Binder is { } binder)
        {
            return _bound[binder] + (parameter.Presence == Presence.OptionalForgiven ? "!" : "");
        }

        ParameterInfo info = parameter.Info;
        bool optional = parameter.Presence != Presence.Required;
        if (optional && info.IsCapability && parameter.Needs is { } needs)
        {
            return $"step.Offers({EmittedNames.Actions(needs)}) ? step.{info.Member} : null" + (parameter.Presence == Presence.OptionalForgiven ? "!" : "");
        }

        string value = $"step.{(optional ? info.Optional ?? info.Member : info.Member)}{Suffix(parameter)}";
        if (info.Absent && !optional)
        {
            return value + " ?? \"\"";
        }

        return parameter.Presence == Presence.OptionalForgiven ? value + "!" : value;
    }

    private string Suffix(ParameterModel parameter) => parameter.Info.Marker switch
    {
        Marker.Header when parameter.Kind is ParameterKind.NamedHeaderValues or ParameterKind.NamedHeaderValuesDecoded => $"({Slot(_allOfHeaders, parameter.Key, StringComparison.OrdinalIgnoreCase)})",
        Marker.Header => $"({Slot(_headers, parameter.Key, StringComparison.OrdinalIgnoreCase)})",
        Marker.Macro => $"({Slot(_macros, parameter.Key, StringComparison.Ordinal)})",
        Marker.FromServices => $"<{parameter.Key}>()",
        _ => "",
    };

    private static int Slot(IReadOnlyList<string> keys, string key, StringComparison comparison)
    {
        int slot = 0;
        while (!string.Equals(keys[slot], key, comparison))
        {
            slot++;
        }

        return slot;
    }
}
