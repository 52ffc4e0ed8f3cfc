using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes the list of services that a class can't do without. It is a member of the class, which may name what is private to it.</summary>
internal static class ServicesEmitter
{
    public static void Emit(SourceWriter writer, MilterModel model, string milter)
    {
        List<string> services = [.. OfConstructor(model).Concat(OfHandlers(model)).Distinct()];
        if (services.Count == 0)
        {
            return;
        }

        writer.Line().Line(EmittedNames.Head(model));
        using (writer.Indented($"static global::System.Collections.Generic.IReadOnlyList<global::{RuntimeNames.Service}> {milter}.Services =>"))
        using (writer.Block($"new global::{RuntimeNames.Service}[]", closing: "};"))
        {
            foreach (string service in services)
            {
                writer.Line(service + ",");
            }
        }
    }

    private static IEnumerable<string> OfConstructor(MilterModel model) => model.Constructor
        .Where(parameter => parameter.Form == ServiceForm.Required && IsType(parameter.Type))
        .Select(parameter => Service(parameter.Type, $"{model.Name}({parameter.Name.TrimStart('@')})", parameter.Key is null ? "" : $"Key = {parameter.Key}"));

    private static IEnumerable<string> OfHandlers(MilterModel model) => from handler in model.Handlers
                                                                       from parameter in handler.Parameters
                                                                       where parameter.Info.Marker == Marker.FromServices && parameter.Presence == Presence.Required && IsType(parameter.Key)
                                                                       select Service(parameter.Key, $"{handler.Name}({parameter.Name})", "IsForHandler = true");

    // typeof(dynamic) is none.
    private static bool IsType(string type) => type != "dynamic";

    private static string Service(string type, string member, string more) =>
        $"new(typeof({type}), {CSharpText.Literal(member)})" + (more.Length > 0 ? $" {{ {more} }}" : "");
}
