using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes what makes the [PerMessage] members new: each by itself, so that one that throws leaves none of the others as it was.</summary>
internal static class ResetEmitter
{
    private const string Reset = "global::" + RuntimeNames.Reset;

    public static void Emit(SourceWriter writer, MilterModel model)
    {
        if (model.Resets.Count == 0)
        {
            return;
        }

        bool isAsync = model.Resets.Any(reset => reset.Form == ResetForm.Awaited);
        if (isAsync)
        {
            Head(writer, model);
            writer.Line($"void {EmittedNames.Dispatcher}.ResetMessage() => {Reset}.MustBeAwaited();");
        }

        Head(writer, model);
        string method = isAsync ? "async global::System.Threading.Tasks.ValueTask {0}.ResetMessageAsync()" : "void {0}.ResetMessage()";
        using (writer.Block(string.Format(System.Globalization.CultureInfo.InvariantCulture, method, EmittedNames.Dispatcher)))
        {
            bool canThrow = model.Resets.Any(reset => reset.Form != ResetForm.Plain);
            if (canThrow)
            {
                writer.Line("global::System.Collections.Generic.List<global::System.Exception>? failures = null;");
            }

            foreach (ResetModel reset in model.Resets)
            {
                writer.Line(reset.Form == ResetForm.Plain
                    ? reset.Statement
                    : $"try {{ {reset.Statement} }} catch (global::System.Exception failure) {{ {Reset}.Failed(ref failures, {CSharpText.Literal(reset.Name)}, failure); }}");
            }

            if (canThrow)
            {
                writer.Line($"{Reset}.End(failures);");
            }
        }
    }

    private static void Head(SourceWriter writer, MilterModel model) => writer.Line().Line(EmittedNames.Head(model));
}
