using System.Collections.Immutable;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>The MTAs that a project may say it is for.</summary>
internal enum Mta
{
    Postfix,
    Sendmail,
}

/// <summary>What to say about macros that only one MTA sends, and what has the same fact in a better form.</summary>
internal static class MacroTable
{
    /// <summary>The MTAs as <c>.editorconfig</c> names them.</summary>
    public static readonly ImmutableDictionary<string, Mta> Mtas = ImmutableDictionary.Create<string, Mta>(StringComparer.OrdinalIgnoreCase).Add("postfix", Mta.Postfix).Add("sendmail", Mta.Sendmail);

    /// <summary>The first stage at which at least one MTA has it.</summary>
    public static MacroStage Earliest(MacroInfo macro) => macro.Name == MacroInfo.QueueId ? MacroStage.Mail : macro.Asked;

    /// <summary>Says which MTA does not send it, and what to take instead; <see langword="null"/> where both do.</summary>
    public static (Mta Without, string Text)? OnlyOne(MacroInfo macro, Stages stage) => macro.Name switch
    {
        MacroInfo.QueueId when (stage & (Stages.Mail | StageGroups.Recipients)) != 0 =>
            (Mta.Postfix, "Postfix has no queue id for SMTP mail before the second RCPT or DATA; take it there, or MilterContext.QueueId where it is wanted for logs"),
        "{if_name}" => (Mta.Postfix, "Postfix never sends it; there {daemon_name} names the service"),
        "{if_addr}" => (Mta.Postfix, "Postfix never sends it; there {daemon_addr} has the address"),
        "{auth_ssf}" => (Mta.Postfix, "Postfix never sends it; take Authentication? for what both have"),
        "{verify}" or "{cn_subject}" or "{cn_issuer}" => (Mta.Postfix, "Postfix never sends it; take TlsInfo? for what both have"),
        "{tls_sni}" => (Mta.Sendmail, "Sendmail never sends it, and Postfix from 3.12 on only"),
        "{msg_id}" => (Mta.Postfix, "Postfix never sends it; take [Header(\"Message-ID\")], which both have"),
        _ => null,
    };

    /// <summary>The member of <c>ConnectInfo</c> that has the same fact from CONNECT, which every MTA sends.</summary>
    public static (string Member, string Shown)? Typed(string macro) => macro switch
    {
        "{client_addr}" => ("Address?.ToString()", "ConnectInfo.Address or [ClientAddress] IPAddress?"),
        "{client_port}" => ("Port.ToString()", "ConnectInfo.Port"),
        _ => null,
    };
}
