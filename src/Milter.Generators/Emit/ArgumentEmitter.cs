using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes the calls of handlers: each argument is read from the step where it is passed, and nowhere else.</summary>
internal sealed class ArgumentEmitter(MilterModel model)
{
    private readonly IReadOnlyList<string> _macros = model.Macros();
    private readonly IReadOnlyList<string> _headers = model.NamedHeaders();

    public static string Method(HandlerModel handler) => $"{handler.Receiver}.{CSharpText.Identifier(handler.Name)}";

    public IReadOnlyList<string> Arguments(HandlerModel handler) => [.. handler.Parameters.Select(Argument)];

    private string Argument(ParameterModel parameter)
    {
        ParameterInfo info = parameter.Info;
        bool optional = parameter.Presence != Presence.Required;
        string value = $"step.{(optional ? info.Optional ?? info.Member : info.Member)}{Suffix(parameter)}";
        if (info.Absent && !optional)
        {
            return value + " ?? \"\"";
        }

        return parameter.Presence == Presence.OptionalForgiven ? value + "!" : value;
    }

    private string Suffix(ParameterModel parameter) => parameter.Info.Marker switch
    {
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
