namespace Milter.Generators.Model;

/// <summary>Writes the symbol lists: what a list names replaces what the MTA would have sent at that stage, so it names that again.</summary>
internal static class SymbolListText
{
    public static List<(MacroStage Stage, string Names)> Of(IEnumerable<(MacroStage Stage, string Name)> wanted)
    {
        List<(MacroStage Stage, string Name)> asked = [.. wanted];
        bool atEnd = asked.Any(ask => IsEnd(ask.Stage));
        List<(MacroStage Stage, string Names)> lists = [];
        foreach (MacroStage stage in Enum.GetValues(typeof(MacroStage)))
        {
            // Sendmail obeys a list for EOM only where there is one for EOH, and then needs both: they go together, with one text.
            IEnumerable<string> here = from ask in asked
                                       where ask.Stage == stage || (IsEnd(ask.Stage) && IsEnd(stage))
                                       select ask.Name;
            if (here.Any() || (atEnd && IsEnd(stage)))
            {
                lists.Add((stage, string.Join(" ", Names(stage).Concat(here).Distinct(StringComparer.Ordinal))));
            }
        }

        return lists;
    }

    private static IEnumerable<string> Names(MacroStage stage)
    {
        if (stage >= MacroStage.Mail)
        {
            yield return MacroInfo.QueueId;
        }

        IEnumerable<string> defaults = IsEnd(stage)
            ? MacroInfo.DefaultsAt(MacroStage.EndOfHeaders).Concat(MacroInfo.DefaultsAt(MacroStage.EndOfMessage))
            : MacroInfo.DefaultsAt(stage);
        foreach (string name in defaults)
        {
            yield return name;
        }
    }

    private static bool IsEnd(MacroStage stage) => stage is MacroStage.EndOfMessage or MacroStage.EndOfHeaders;
}
