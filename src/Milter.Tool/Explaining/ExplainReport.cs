using Milter.Client;
using Milter.Protocol;
using Spectre.Console;

namespace Milter.Tool;

/// <summary>What a milter negotiates, and who made it so, as tables.</summary>
internal sealed class ExplainReport(Terminal terminal)
{
    private static readonly string[] s_repeated = ["RCPT", "HEADER", "BODY"];

    public void Write(CatalogEntry milter)
    {
        terminal.Marked($"{Shown.Title(milter.Name)}  waits per message: {milter.WaitsPerMessage.Count} ({Shown.Text(Words(milter.WaitsPerMessage))}), outside messages: {(milter.WaitsPerSession.Count == 0 ? "none" : Shown.Text(Words(milter.WaitsPerSession)))}");
        if (milter.IsNewer)
        {
            terminal.Marked(Shown.Warn("It was compiled with a newer AttrMilter; what this tool does not know yet is not shown: dotnet tool update -g AttrMilter.Tool"));
        }

        terminal.Draw(Steps(milter));
        if ((milter.RequiredActions | milter.WantedActions) != 0)
        {
            terminal.Draw(Actions(milter));
        }

        if (milter.SymbolLists.Count > 0)
        {
            terminal.Draw(Macros(milter));
        }
    }

    /// <summary>What happens at each step: word, in words, because of whom, and who else takes what it brings.</summary>
    public static IEnumerable<(string Step, string What, string Flag, IEnumerable<string> Causes, IEnumerable<string> Data)> StepsOf(CatalogEntry milter)
    {
        foreach (StepRow row in StepTable.Waivable)
        {
            bool isSent = !milter.Waived.HasFlag(row.NotWanted);
            bool isSilent = milter.Waived.HasFlag(row.NoReply);
            string flag = ProtocolNames.Of(row.NoReply);
            yield return (row.Name, !isSent ? "not sent" : isSilent ? "no reply" : "the MTA waits" + Each(row.Name), !isSent ? ProtocolNames.Of(row.NotWanted) : isSilent ? flag : "", milter.Causes[isSilent ? flag : row.Name], milter.Causes[row.Name + " (data)"]);
        }

        yield return ("EOM", "the MTA waits", "", milter.Causes["EOM"], milter.Causes["EOM (data)"]);
    }

    /// <summary>The macros of a list for which somebody in the class asks; the others are the MTAs' defaults, which a list replaces.</summary>
    public static IEnumerable<(string Macro, IEnumerable<string> Causes)> Wanted(CatalogEntry milter, string names) =>
        names.Split(' ').Where(name => milter.Causes.Contains(name)).Select(name => (name, milter.Causes[name]));

    private static Table Steps(CatalogEntry milter)
    {
        Table table = NewTable("step", "", "because of");
        foreach ((string step, string what, _, IEnumerable<string> causes, IEnumerable<string> data) in StepsOf(milter))
        {
            string shown = what[0] switch { 't' => Shown.Warn(what), 'n' when what == "not sent" => Shown.Quiet(what), _ => Shown.Good(what) };
            string also = data.Any() ? "; data for " + string.Join(", ", data) : "";
            table.AddRow(Shown.Name(step), shown, Shown.Text(string.Join(", ", causes) + also));
        }

        foreach (string extra in WireNames.Extras(milter.Wanted))
        {
            table.AddRow(Shown.Name(extra), "asked for", Shown.Text(string.Join(", ", milter.Causes["SMFIP_" + extra])));
        }

        return table;
    }

    private static Table Actions(CatalogEntry milter)
    {
        Table table = NewTable("action", "", "because of");
        foreach (string name in WireNames.Of(milter.RequiredActions | milter.WantedActions))
        {
            bool isRequired = WireNames.Of(milter.RequiredActions).Contains(name);
            table.AddRow(Shown.Name(name), isRequired ? "required" : "where offered", Shown.Text(string.Join(", ", milter.Causes["SMFIF_" + name])));
        }

        return table;
    }

    private static Table Macros(CatalogEntry milter)
    {
        Table table = NewTable("macros at", "asked for", "because of");
        foreach ((string stage, string names) in milter.SymbolLists)
        {
            (string Macro, IEnumerable<string> Causes)[] wanted = [.. Wanted(milter, names)];
            string because = string.Join("; ", wanted.Select(one => $"{one.Macro}: {string.Join(", ", one.Causes)}"));
            table.AddRow(Shown.Name(stage), Shown.Text(names), because.Length > 0 ? Shown.Text(because) : Shown.Quiet("the MTAs' defaults"));
        }

        return table;
    }

    private static Table NewTable(params string[] columns)
    {
        Table table = new Table { Border = TableBorder.Simple, UseSafeBorder = false };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Shown.Quiet(column)) { NoWrap = false, Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    private static string Words(IEnumerable<string> steps) => string.Join(", ", steps.Select(step => step + (s_repeated.Contains(step) ? " each" : "")));

    private static string Each(string step) => s_repeated.Contains(step) ? " each time" : "";
}
