global using ActionFlags = Milter.Generators.Model.MilterActions;
global using CollectedFlags = Milter.Generators.Model.CollectedData;
global using ProtocolFlags = Milter.Generators.Model.ProtocolSteps;
global using Stages = Milter.Generators.Model.MilterStages;
global using WireName = Milter.Generators.Model.ProtocolNames;

namespace Milter.Generators.Model;

/// <summary>Stages that have something in common. The stages themselves, as all flags, are the runtime's own, whose files are compiled here too.</summary>
internal static class StageGroups
{
    public const Stages Recipients = Stages.Rcpt | Stages.RejectedRcpt;

    /// <summary>The steps of a message that come after its beginning and before its end.</summary>
    public const Stages BetweenMailAndEom = Recipients | Stages.Data | Stages.Header | Stages.Eoh | Stages.Body;

    /// <summary>The steps of a message from the end of its headers on.</summary>
    public const Stages FromEoh = Stages.Eoh | Stages.Body | Stages.Eom;

    /// <summary>All steps of a message.</summary>
    public const Stages FromMail = Stages.Mail | BetweenMailAndEom | Stages.Eom;

    /// <summary>Where parameters live for the message; at the others they live for the session.</summary>
    public const Stages InMessage = FromMail | Stages.Abort | Stages.MessageEnd;

    public const Stages All = InMessage | Stages.Connect | Stages.Helo | Stages.Unknown | Stages.Close;
}

/// <summary>Actions that have something in common.</summary>
internal static class ActionGroups
{
    /// <summary>All that a filter can do to a message.</summary>
    public const ActionFlags Edits = ActionFlags.All & ~ActionFlags.SetSymbolList;

    /// <summary>The single actions of a mask.</summary>
    public static IEnumerable<ActionFlags> Each(ActionFlags actions)
    {
        for (uint bit = 1; bit <= (uint)ActionFlags.All; bit <<= 1)
        {
            if (((uint)actions & bit) != 0)
            {
                yield return (ActionFlags)bit;
            }
        }
    }
}
