using System.Globalization;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>How much time the filter's handlers may take, from its options.</summary>
internal sealed record Budgets(TimeSpan Command, TimeSpan EndOfMessage)
{
    private static readonly MilterOptions s_defaults = new();

    public static Budgets Default { get; } = new(s_defaults.CommandBudget, s_defaults.EndOfMessageBudget);

    // What goes by between the end of a budget and the verdict: the grace, a look of the watch, the way.
    private static TimeSpan Slack => s_defaults.ExpiryGrace + TimeSpan.FromSeconds(1.75);

    /// <summary>Gets the seconds that an MTA has to wait for the reply to a command. Notices of progress come more often than that.</summary>
    public int CommandSeconds => (int)Math.Ceiling(TimeSpan.FromTicks(Math.Max(Command.Ticks, s_defaults.ProgressInterval.Ticks)).TotalSeconds + Slack.TotalSeconds);

    /// <summary>Gets the seconds that an MTA has to wait for the whole of the end of a message.</summary>
    public int EndSeconds => (int)Math.Ceiling(EndOfMessage.TotalSeconds + Slack.TotalSeconds);
}

/// <summary>The lines of the MTAs' configurations that a milter needs.</summary>
internal static class MtaLines
{
    private static readonly (string Stage, MacroStage Number, string Postfix, string Sendmail)[] s_stages =
    [
        ("CONNECT", MacroStage.Connect, "milter_connect_macros", "confMILTER_MACROS_CONNECT"),
        ("HELO", MacroStage.Helo, "milter_helo_macros", "confMILTER_MACROS_HELO"),
        ("MAIL", MacroStage.Mail, "milter_mail_macros", "confMILTER_MACROS_ENVFROM"),
        ("RCPT", MacroStage.Rcpt, "milter_rcpt_macros", "confMILTER_MACROS_ENVRCPT"),
        ("DATA", MacroStage.Data, "milter_data_macros", "confMILTER_MACROS_DATA"),
        ("EOH", MacroStage.EndOfHeaders, "milter_end_of_header_macros", "confMILTER_MACROS_EOH"),
        ("EOM", MacroStage.EndOfMessage, "milter_end_of_data_macros", "confMILTER_MACROS_EOM"),
    ];

    public static IEnumerable<string> Postfix(IReadOnlyList<(CatalogEntry Milter, MilterEndPoint EndPoint)> milters, Budgets budgets)
    {
        yield return "# Postfix, /etc/postfix/main.cf";
        yield return $"smtpd_milters = {string.Join(", ", milters.Select(one => one.EndPoint.ToPostfix()))}";
        yield return "#non_smtpd_milters = $smtpd_milters";
        yield return "milter_default_action = tempfail";
        yield return Seconds("milter_command_timeout", Math.Max(30, budgets.CommandSeconds));
        yield return Seconds("milter_content_timeout", Math.Max(300, budgets.CommandSeconds));
        foreach ((string stage, MacroStage number, string parameter, _) in s_stages)
        {
            string[] extra = Extra(milters.Select(one => one.Milter), stage, number, MtaPersonality.Postfix);
            if (extra.Length > 0)
            {
                yield return $"{parameter} = {string.Join(' ', [.. MtaPersonality.Postfix.DefaultMacros(number).Split(' ', StringSplitOptions.RemoveEmptyEntries), .. extra])}";
            }
        }
    }

    public static IEnumerable<string> Sendmail(IReadOnlyList<(CatalogEntry Milter, MilterEndPoint EndPoint)> milters, Budgets budgets)
    {
        yield return "dnl Sendmail, /etc/mail/sendmail.mc";
        string reply = string.Create(CultureInfo.InvariantCulture, $"S:10s;R:{Math.Max(10, budgets.CommandSeconds)}s;E:{Math.Max(300, budgets.EndSeconds)}s");
        foreach ((CatalogEntry milter, MilterEndPoint endPoint) in milters)
        {
            yield return $"INPUT_MAIL_FILTER(`{milter.ShortName.ToLowerInvariant()}', `S={endPoint.ToSendmail()}, F=T, T=C:30s;{reply}')dnl";
        }

        foreach ((string stage, MacroStage number, _, string name) in s_stages)
        {
            string[] extra = Extra(milters.Select(one => one.Milter), stage, number, MtaPersonality.Sendmail);
            if (extra.Length > 0)
            {
                yield return $"define(`{name}', ``{string.Join(", ", [.. MtaPersonality.Sendmail.DefaultMacros(number).Split(' ', StringSplitOptions.RemoveEmptyEntries), .. extra])}'')dnl";
            }
        }
    }

    /// <summary>What the class itself asks for beyond what an MTA sends anyway.</summary>
    private static string[] Extra(IEnumerable<CatalogEntry> milters, string stage, MacroStage number, MtaPersonality mta)
    {
        string[] defaults = mta.DefaultMacros(number).Split(' ');
        return [.. milters.SelectMany(milter => milter.SymbolLists.Where(list => list.Name == stage).SelectMany(list => ExplainReport.Wanted(milter, list.Value)))
            .Select(wanted => wanted.Macro).Distinct().Where(name => !defaults.Contains(name))];
    }

    private static string Seconds(string name, int seconds) => string.Create(CultureInfo.InvariantCulture, $"{name} = {seconds}s");
}
