using System.CommandLine;
using System.Text.Json.Nodes;

using Milter.Client;

namespace Milter.Tool;

/// <summary><c>milter explain</c>: what the milters of a project negotiate, and what the MTA's configuration needs for them.</summary>
internal static class ExplainCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> project = Project();
        var endPoint = new Option<string?>("--endpoint") { Description = "Where the filter listens, for the lines of the MTA and the unit; of several milters the first one, the others on the ports after it.", HelpName = "ENDPOINT" };
        endPoint.Validators.Add(MailOptions.Checked(MilterEndPoint.Parse));
        Option<double> commandBudget = NumberOption.Seconds("--command-budget", "The filter's CommandBudget, in seconds.", Budgets.Default.Command.TotalSeconds);
        Option<double> endBudget = NumberOption.Seconds("--eom-budget", "The filter's EndOfMessageBudget, in seconds.", Budgets.Default.EndOfMessage.TotalSeconds);
        var unit = new Option<bool>("--unit") { Description = "Writes units for systemd instead: the service, hardened, and its socket." };
        var names = new Option<string[]>("--filter") { Description = "A class, where there are several and not all are meant; several are several options, or stand behind the project.", HelpName = "NAME" };
        var more = new Argument<string[]>("NAME") { Description = "The classes, where not all are meant.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> framework = FilterProject.FrameworkOption();
        Option<bool> json = SendCommand.Json();
        var command = new Command("explain", "Explains filters made with AttrMilter: what they negotiate and why, and the lines that Postfix and Sendmail need. No code of the filter is run.") { project, more, names, framework, endPoint, commandBudget, endBudget, unit, json };
        HelpWithExamples.Add(
            "explain",
            "milter explain src/MyFilter",
            "milter explain bin/Release/net10.0/myfilter.dll --endpoint unix:/run/myfilter/milter.sock",
            "milter explain src/MyFilter --unit",
            "milter explain src/MyFilter --json | jq '.[].waitsPerMessage'");
        command.SetAction(async (parsed, cancellation) =>
        {
            string assembly = await FilterProject.ResolveAsync(parsed.GetValue(project)!, parsed.GetValue(framework), terminal, cancellation);
            IReadOnlyList<CatalogEntry> milters = Named(Catalog.Read(assembly), [.. parsed.GetValue(names) ?? [], .. parsed.GetValue(more) ?? []]);
            string name = Path.GetFileNameWithoutExtension(assembly).ToLowerInvariant();
            string listen = parsed.GetValue(endPoint) ?? (parsed.GetValue(unit) ? $"unix:/run/{name}/milter.sock" : "inet:9199@localhost");
            (CatalogEntry, MilterEndPoint)[] placed = [.. milters.Select((milter, i) => (milter, Place(listen, milter, i)))];
            var budgets = new Budgets(TimeSpan.FromSeconds(parsed.GetValue(commandBudget)), TimeSpan.FromSeconds(parsed.GetValue(endBudget)));
            if (parsed.GetValue(unit))
            {
                WriteLines(terminal, SystemdUnit.Lines(placed, name, budgets));
            }
            else if (parsed.GetValue(json))
            {
                var all = new JsonArray([.. milters.Select(Json)]);
                terminal.Line(SendJson.Pretty(all));
            }
            else
            {
                Write(terminal, placed, budgets);
            }

            return ExitCode.Passed;
        });
        return command;
    }

    public static Argument<string> Project() => new("PROJECT-or-DLL") { Description = "A project's file or folder, which is built first, or an assembly." };

    /// <summary>Gets the milters of these names, in this order; all where there is none.</summary>
    public static IReadOnlyList<CatalogEntry> Named(IReadOnlyList<CatalogEntry> all, string[]? names) => names is null or [] ? all :
    [
        .. names.Select(name => all.FirstOrDefault(entry => entry.Name == name || entry.ShortName == name)
            ?? throw new ToolException(ExitCode.Usage, $"There is no milter {name} in it. There is: {string.Join(", ", all.Select(entry => entry.ShortName))}.")),
    ];

    private static void Write(Terminal terminal, (CatalogEntry Milter, MilterEndPoint EndPoint)[] placed, Budgets budgets)
    {
        var report = new ExplainReport(terminal);
        foreach ((CatalogEntry milter, _) in placed)
        {
            report.Write(milter);
            terminal.Line();
        }

        WriteLines(terminal, MtaLines.Postfix(placed, budgets));
        terminal.Line();
        WriteLines(terminal, MtaLines.Sendmail(placed, budgets));
        if (placed.Any(one => one.Milter.SymbolLists.Count > 0))
        {
            terminal.Line();
            terminal.Line("The filter asks for its macros itself; lines about macros are for an MTA that does not offer that (SETSYMLIST: Sendmail 8.14, Postfix 2.6 on).");
        }
    }

    private static MilterEndPoint Place(string listen, CatalogEntry milter, int index)
    {
        MilterEndPoint first = MilterEndPoint.Parse(listen);
        if (first.Kind is not (MilterEndPointKind.Inet or MilterEndPointKind.Inet6 or MilterEndPointKind.Unix))
        {
            throw new ToolException(ExitCode.Usage, $"{listen} is no address that an MTA could be told: write inet:port@host or unix:/path.");
        }

        return index == 0 ? first
            : first.Kind == MilterEndPointKind.Unix ? MilterEndPoint.Parse($"unix:{Path.Combine(Path.GetDirectoryName(first.Path!)!, milter.ShortName.ToLowerInvariant() + ".sock")}")
            : first.WithPort(first.Port + index);
    }

    private static void WriteLines(Terminal terminal, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            terminal.Line(line);
        }
    }

    private static JsonNode Json(CatalogEntry milter) => new JsonObject
    {
        ["name"] = milter.Name,
        ["waitsPerMessage"] = SendJson.Array(milter.WaitsPerMessage),
        ["waitsPerSession"] = SendJson.Array(milter.WaitsPerSession),
        ["handlers"] = SendJson.Array(milter.Handlers),
        ["steps"] = new JsonArray([.. ExplainReport.StepsOf(milter).Select(step => (JsonNode)new JsonObject { ["step"] = step.Step, ["what"] = step.What, ["because"] = SendJson.Array(step.Causes), ["data"] = SendJson.Array(step.Data) })]),
        ["requiredActions"] = SendJson.Array(WireNames.Of(milter.RequiredActions)),
        ["wantedActions"] = SendJson.Array(WireNames.Of(milter.WantedActions)),
        ["macros"] = new JsonObject(milter.SymbolLists.Select(list => KeyValuePair.Create(list.Name, (JsonNode?)list.Value))),
        ["causes"] = new JsonArray([.. milter.Causes.SelectMany(cause => cause.Select(member => (JsonNode)new JsonObject { ["what"] = cause.Key, ["member"] = member }))]),
    };
}
