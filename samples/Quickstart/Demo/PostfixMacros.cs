using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>The macros that Postfix sends where a filter has not asked for others (<c>milter_*_macros</c> of <c>main.cf</c>).</summary>
internal static class PostfixMacros
{
    public static string Default(MacroStage stage) => stage switch
    {
        MacroStage.Connect => "j {daemon_name} {daemon_addr} v _",
        MacroStage.Helo => "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}",
        MacroStage.Mail => "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}",
        MacroStage.Rcpt => "i {rcpt_addr} {rcpt_host} {rcpt_mailer}",
        _ => "i",
    };
}
