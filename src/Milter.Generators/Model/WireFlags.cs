namespace Milter.Generators.Model;

/// <summary>The runtime's <c>ProtocolSteps</c>, value by value; a test compares them.</summary>
[Flags]
internal enum ProtocolFlags : uint
{
    None = 0,
    NoConnect = 0x0000_0001,
    NoHelo = 0x0000_0002,
    NoMail = 0x0000_0004,
    NoRcpt = 0x0000_0008,
    NoBody = 0x0000_0010,
    NoHeaders = 0x0000_0020,
    NoEndOfHeaders = 0x0000_0040,
    NoReplyHeader = 0x0000_0080,
    NoUnknown = 0x0000_0100,
    NoData = 0x0000_0200,
    Skip = 0x0000_0400,
    RejectedRecipients = 0x0000_0800,
    NoReplyConnect = 0x0000_1000,
    NoReplyHelo = 0x0000_2000,
    NoReplyMail = 0x0000_4000,
    NoReplyRcpt = 0x0000_8000,
    NoReplyData = 0x0001_0000,
    NoReplyUnknown = 0x0002_0000,
    NoReplyEndOfHeaders = 0x0004_0000,
    NoReplyBody = 0x0008_0000,
    HeaderLeadingSpace = 0x0010_0000,
}

/// <summary>The runtime's <c>MilterActions</c>, value by value.</summary>
[Flags]
internal enum ActionFlags : uint
{
    None = 0,
    AddHeaders = 0x01,
    ChangeBody = 0x02,
    AddRecipients = 0x04,
    DeleteRecipients = 0x08,
    ChangeHeaders = 0x10,
    Quarantine = 0x20,
    ChangeSender = 0x40,
    AddRecipientsWithArguments = 0x80,
    SetSymbolList = 0x100,

    /// <summary>All that a filter can do to a message.</summary>
    Edits = 0xFF,
}

/// <summary>The runtime's <c>MacroStage</c>. On the wire EOM comes before EOH.</summary>
internal enum MacroStage
{
    Connect = 0,
    Helo = 1,
    Mail = 2,
    Rcpt = 3,
    Data = 4,
    EndOfMessage = 5,
    EndOfHeaders = 6,
}

/// <summary>What libmilter's header calls the flags that the head of a generated file and the causes name.</summary>
internal static class WireName
{
    public static string Of(ActionFlags action) => action switch
    {
        ActionFlags.AddHeaders => "SMFIF_ADDHDRS",
        ActionFlags.ChangeBody => "SMFIF_CHGBODY",
        ActionFlags.AddRecipients => "SMFIF_ADDRCPT",
        ActionFlags.DeleteRecipients => "SMFIF_DELRCPT",
        ActionFlags.ChangeHeaders => "SMFIF_CHGHDRS",
        ActionFlags.Quarantine => "SMFIF_QUARANTINE",
        ActionFlags.ChangeSender => "SMFIF_CHGFROM",
        ActionFlags.AddRecipientsWithArguments => "SMFIF_ADDRCPT_PAR",
        _ => "SMFIF_SETSYMLIST",
    };

    public static string Of(ProtocolFlags flag) => flag switch
    {
        ProtocolFlags.NoReplyConnect => "SMFIP_NR_CONN",
        ProtocolFlags.NoReplyHelo => "SMFIP_NR_HELO",
        ProtocolFlags.NoReplyMail => "SMFIP_NR_MAIL",
        ProtocolFlags.NoReplyRcpt => "SMFIP_NR_RCPT",
        ProtocolFlags.NoReplyData => "SMFIP_NR_DATA",
        ProtocolFlags.NoReplyHeader => "SMFIP_NR_HDR",
        ProtocolFlags.NoReplyEndOfHeaders => "SMFIP_NR_EOH",
        ProtocolFlags.NoReplyBody => "SMFIP_NR_BODY",
        ProtocolFlags.NoReplyUnknown => "SMFIP_NR_UNKN",
        ProtocolFlags.Skip => "SMFIP_SKIP",
        ProtocolFlags.RejectedRecipients => "SMFIP_RCPT_REJ",
        ProtocolFlags.HeaderLeadingSpace => "SMFIP_HDR_LEADSPC",
        _ => flag.ToString(),
    };

    public static string Of(MacroStage stage) => stage switch
    {
        MacroStage.Connect => "CONNECT",
        MacroStage.Helo => "HELO",
        MacroStage.Mail => "MAIL",
        MacroStage.Rcpt => "RCPT",
        MacroStage.Data => "DATA",
        MacroStage.EndOfMessage => "EOM",
        _ => "EOH",
    };
}
