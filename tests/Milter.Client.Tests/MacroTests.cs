using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>Which macros are sent when, against protocol.md 4.4 to 4.6 and 6 and the golden vectors.</summary>
public class MacroTests
{
    [Fact]
    public async Task Postfix_by_default()
    {
        List<string> told = await TellAsync("Postfix", Session(), []);

        Assert.Contains("DCj|mx.example.test|{daemon_name}|mx.example.test|v|Postfix 3.7.11|_|client.example.test [192.0.2.7]|", told);
        Assert.Contains("DH{tls_version}|TLSv1.3|{cipher}|TLS_AES_256_GCM_SHA384|{cipher_bits}|256|", told);
        Assert.Contains("DM{auth_type}|PLAIN|{auth_authen}|joe|{mail_addr}|a@example.test|{mail_host}|example.test|{mail_mailer}|smtp|", told);
        Assert.Equal(["DR{rcpt_addr}|b@example.test|{rcpt_host}|example.test|{rcpt_mailer}|smtp|", "DRi|Q1|{rcpt_addr}|c@example.test|{rcpt_host}|example.test|{rcpt_mailer}|smtp|"], told.Where(frame => frame.StartsWith("DR", StringComparison.Ordinal)));
        Assert.Contains("DLi|Q1|", told);
        Assert.Contains("DBi|Q1|", told);
        Assert.Contains("DEi|Q1|", told);
    }

    [Fact]
    public async Task Sendmail_by_default()
    {
        List<string> told = await TellAsync("Sendmail", Session(), []);

        Assert.Contains("DMi|Q1|{auth_type}|PLAIN|{auth_authen}|joe|{auth_ssf}|0|{mail_mailer}|esmtp|{mail_host}|example.test.|{mail_addr}|a@example.test|", told);
        Assert.Contains("DE{msg_id}|<1@x>|", told);
        Assert.DoesNotContain(told, frame => frame.StartsWith("DT", StringComparison.Ordinal) || frame.StartsWith("DL", StringComparison.Ordinal) || frame.StartsWith("DN", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Postfix", "i", null, "DEi|Q1|")]
    [InlineData("Sendmail", "i", null, "DE{msg_id}|<1@x>|")]
    [InlineData("Sendmail", "i", "i", "DEi|Q1|")]
    [InlineData("Postfix", "i {client_addr} {client_resolve} {mail_addr}", "i", "DEi|Q1|{client_addr}|192.0.2.7|")]
    [InlineData("Sendmail", "i {client_addr} {client_resolve} {mail_addr}", "i", "DEi|Q1|{client_addr}|192.0.2.7|{client_resolve}|OK|{mail_addr}|a@example.test|")]
    public async Task Lists_for_the_end_of_message(string mta, string? eom, string? eoh, string packet)
    {
        var lists = new List<SymbolList>();
        if (eom is not null)
        {
            lists.Add(new SymbolList(MacroStage.EndOfMessage, eom));
        }

        if (eoh is not null)
        {
            lists.Add(new SymbolList(MacroStage.EndOfHeaders, eoh));
        }

        Assert.Contains(packet, await TellAsync(mta, Session(), [.. lists]));
    }

    [Fact]
    public async Task An_empty_list_means_the_defaults_to_Postfix_and_nothing_to_Sendmail()
    {
        SymbolList[] lists = [new(MacroStage.Rcpt, "")];

        Assert.Contains(await TellAsync("Postfix", Session(), lists), frame => frame.StartsWith("DR{rcpt_addr}", StringComparison.Ordinal));
        Assert.DoesNotContain(await TellAsync("Sendmail", Session(), lists), frame => frame.StartsWith("DR", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Postfix", "192.0.2.7", null, "C[192.0.2.7]|4")]
    [InlineData("Postfix", "2001:db8::25", "host.test", "Chost.test|6")]
    [InlineData("Sendmail", "::1", null, "C[IPv6:0:0:0:0:0:0:0:1]|6")]
    [InlineData("Postfix", "::ffff:192.0.2.7", null, "C[192.0.2.7]|4")]
    public async Task Clients_are_spelled_as_the_MTA_does(string mta, string address, string? name, string start) =>
        Assert.Contains(await TellAsync(mta, Mail.Session(address, name), []), frame => frame.StartsWith(start, StringComparison.Ordinal));

    [Fact]
    public async Task Local_mail_comes_without_brackets_from_Postfix()
    {
        SmtpSession session = Mail.Session();
        session.Origin = MailOrigin.Local;

        List<string> told = await TellAsync("Postfix", session, []);

        Assert.Contains("Ma@example.test|", told);
        Assert.Contains("DMi|Q1|{mail_addr}|a@example.test|", told);
        Assert.DoesNotContain("A", told);
    }

    private static SmtpSession Session()
    {
        SmtpSession session = Mail.Session();
        session.Login = new SmtpLogin("joe");
        session.Tls = new SmtpTls();
        return session;
    }

    private static async Task<List<string>> TellAsync(string mta, SmtpSession session, SymbolList[] lists)
    {
        await using var filter = new ScriptedFilter(_ => ScriptedFilter.Say(MilterReply.Continue), ScriptedFilter.Agree(lists: lists));
        await using var client = new MilterClient(filter.EndPoint, new MilterClientOptions { Personality = ConversationTests.Named(mta) });
        await client.FilterAsync(session, Mail.Message("Message-ID: <1@x>\n\nbody\n", "b@example.test", "c@example.test"));
        await filter.EndedAsync();
        return [.. filter.Told];
    }
}
