using System.Collections.Immutable;

namespace Milter.Generators.Model;

/// <summary>How an MTA sends a macro if nobody changed its configuration.</summary>
/// <param name="CanSend">Whether it knows the macro at all.</param>
/// <param name="Default">The stage at which it sends the macro unasked, if any.</param>
internal readonly record struct MacroSender(bool CanSend, MacroStage? Default)
{
    public static readonly MacroSender Never = new(CanSend: false, Default: null);

    public static readonly MacroSender IfAsked = new(CanSend: true, Default: null);

    public static MacroSender At(MacroStage stage) => new(CanSend: true, stage);
}

/// <summary>The macros that are known, in the order in which symbol lists name them (docs/protocol.md, section 6).</summary>
/// <param name="Name">The name: one character, or longer in braces.</param>
/// <param name="LivesForMessage">Whether its value belongs to a message and not to the session.</param>
/// <param name="Asked">The earliest stage at which both MTAs can have it, or the one that has it at all: it is asked for there.</param>
/// <param name="Postfix">What stock Postfix does.</param>
/// <param name="Sendmail">What stock Sendmail does.</param>
internal sealed record MacroInfo(string Name, bool LivesForMessage, MacroStage Asked, MacroSender Postfix, MacroSender Sendmail)
{
    /// <summary>The queue id. Every list from MAIL on has it, because the engine reads it.</summary>
    public const string QueueId = "i";

    public static readonly ImmutableArray<MacroInfo> All = ImmutableArray.Create(
        Session("j", MacroStage.Connect, MacroSender.At(MacroStage.Connect), MacroSender.At(MacroStage.Connect)),
        Session("_", MacroStage.Connect, MacroSender.At(MacroStage.Connect), MacroSender.At(MacroStage.Connect)),
        Session("v", MacroStage.Connect, MacroSender.At(MacroStage.Connect), MacroSender.IfAsked),
        Session("{daemon_name}", MacroStage.Connect, MacroSender.At(MacroStage.Connect), MacroSender.At(MacroStage.Connect)),
        Session("{daemon_addr}", MacroStage.Connect, MacroSender.At(MacroStage.Connect), MacroSender.IfAsked),
        Session("{daemon_port}", MacroStage.Connect, MacroSender.IfAsked, MacroSender.IfAsked),
        Session("{if_name}", MacroStage.Connect, MacroSender.Never, MacroSender.At(MacroStage.Connect)),
        Session("{if_addr}", MacroStage.Connect, MacroSender.Never, MacroSender.At(MacroStage.Connect)),
        Session("{client_addr}", MacroStage.Connect, MacroSender.IfAsked, MacroSender.IfAsked),
        Session("{client_name}", MacroStage.Connect, MacroSender.IfAsked, MacroSender.IfAsked),
        Session("{client_port}", MacroStage.Connect, MacroSender.IfAsked, MacroSender.IfAsked),
        Session("{client_ptr}", MacroStage.Connect, MacroSender.IfAsked, MacroSender.IfAsked),
        Session("{client_resolve}", MacroStage.Connect, MacroSender.IfAsked, MacroSender.IfAsked),
        Session("{client_connections}", MacroStage.Connect, MacroSender.IfAsked, MacroSender.IfAsked),
        Session("{tls_version}", MacroStage.Helo, MacroSender.At(MacroStage.Helo), MacroSender.At(MacroStage.Helo)),
        Session("{cipher}", MacroStage.Helo, MacroSender.At(MacroStage.Helo), MacroSender.At(MacroStage.Helo)),
        Session("{cipher_bits}", MacroStage.Helo, MacroSender.At(MacroStage.Helo), MacroSender.At(MacroStage.Helo)),
        Session("{cert_subject}", MacroStage.Helo, MacroSender.At(MacroStage.Helo), MacroSender.At(MacroStage.Helo)),
        Session("{cert_issuer}", MacroStage.Helo, MacroSender.At(MacroStage.Helo), MacroSender.At(MacroStage.Helo)),
        Session("{tls_sni}", MacroStage.Helo, MacroSender.At(MacroStage.Helo), MacroSender.Never),
        Session("{verify}", MacroStage.Helo, MacroSender.Never, MacroSender.IfAsked),
        Session("{cn_subject}", MacroStage.Helo, MacroSender.Never, MacroSender.IfAsked),
        Session("{cn_issuer}", MacroStage.Helo, MacroSender.Never, MacroSender.IfAsked),

        // Postfix has the queue id from the second RCPT on, so DATA is the first step at which both surely have it.
        Message(QueueId, MacroStage.Data, MacroSender.At(MacroStage.Mail), MacroSender.At(MacroStage.Mail)),
        Message("{auth_type}", MacroStage.Mail, MacroSender.At(MacroStage.Mail), MacroSender.At(MacroStage.Mail)),
        Message("{auth_authen}", MacroStage.Mail, MacroSender.At(MacroStage.Mail), MacroSender.At(MacroStage.Mail)),
        Message("{auth_author}", MacroStage.Mail, MacroSender.At(MacroStage.Mail), MacroSender.At(MacroStage.Mail)),
        Message("{auth_ssf}", MacroStage.Mail, MacroSender.Never, MacroSender.At(MacroStage.Mail)),
        Message("{mail_addr}", MacroStage.Mail, MacroSender.At(MacroStage.Mail), MacroSender.At(MacroStage.Mail)),
        Message("{mail_host}", MacroStage.Mail, MacroSender.At(MacroStage.Mail), MacroSender.At(MacroStage.Mail)),
        Message("{mail_mailer}", MacroStage.Mail, MacroSender.At(MacroStage.Mail), MacroSender.At(MacroStage.Mail)),
        Message("{rcpt_addr}", MacroStage.Rcpt, MacroSender.At(MacroStage.Rcpt), MacroSender.At(MacroStage.Rcpt)),
        Message("{rcpt_host}", MacroStage.Rcpt, MacroSender.At(MacroStage.Rcpt), MacroSender.At(MacroStage.Rcpt)),
        Message("{rcpt_mailer}", MacroStage.Rcpt, MacroSender.At(MacroStage.Rcpt), MacroSender.At(MacroStage.Rcpt)),
        Message("{msg_id}", MacroStage.EndOfMessage, MacroSender.Never, MacroSender.At(MacroStage.EndOfMessage)));

    public static MacroInfo? Find(string name) => All.FirstOrDefault(macro => macro.Name == name);

    /// <summary>Gets what the two MTAs send unasked at a stage: a list replaces that, so it has to name it again.</summary>
    public static IEnumerable<string> DefaultsAt(MacroStage stage) => from macro in All
                                                                       where macro.Postfix.Default == stage || macro.Sendmail.Default == stage
                                                                       select macro.Name;

    /// <summary>Spells a name as the wire does, or gives <see langword="null"/> where it can't be one: <c>{i}</c> is <c>i</c>, <c>mail_addr</c> is <c>{mail_addr}</c>.</summary>
    public static string? Canonical(string? name)
    {
        string bare = name is { Length: > 2 } && name[0] == '{' && name[name.Length - 1] == '}' ? name.Substring(1, name.Length - 2) : name ?? "";
        if (bare.Length == 0 || bare.Any(c => c is <= ' ' or > '~' or '{' or '}'))
        {
            return null;
        }

        return bare.Length == 1 ? bare : "{" + bare + "}";
    }

    private static MacroInfo Session(string name, MacroStage asked, MacroSender postfix, MacroSender sendmail) =>
        new(name, LivesForMessage: false, asked, postfix, sendmail);

    private static MacroInfo Message(string name, MacroStage asked, MacroSender postfix, MacroSender sendmail) =>
        new(name, LivesForMessage: true, asked, postfix, sendmail);
}
