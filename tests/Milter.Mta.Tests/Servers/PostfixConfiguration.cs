using System.Globalization;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>The files that a private Postfix reads.</summary>
internal static class PostfixConfiguration
{
    /// <summary>The folders of the queue that only Postfix's own user enters.</summary>
    public static IReadOnlyList<string> PrivateQueues { get; } =
    [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace",
    ];

    public static string MainCf(PostfixServer server)
    {
        MtaOptions options = server.Options;
        string sink = string.Create(CultureInfo.InvariantCulture, $"smtp:[127.0.0.1]:{server.Sink.Port}");
        string milters = string.Join(", ", options.Milters.Select(milter => milter.ForPostfix));
        var settings = new OrderedDictionary<string, string>
        {
            ["compatibility_level"] = "3.6",
            ["queue_directory"] = server.Folder["spool"],
            ["data_directory"] = server.Folder["data"],
            ["maillog_file_prefixes"] = "/",
            ["maillog_file"] = server.Folder["maillog"],
            ["inet_interfaces"] = "127.0.0.1",
            ["inet_protocols"] = "ipv4",
            ["myhostname"] = MtaServer.HostName,
            ["mydestination"] = "",
            ["alias_maps"] = "",
            ["alias_database"] = "",
            ["local_recipient_maps"] = "",
            ["smtp_dns_support_level"] = "disabled",
            ["smtpd_peername_lookup"] = "no",
            ["biff"] = "no",
            ["in_flow_delay"] = "0",
            ["message_size_limit"] = "104857600",

            // A session may have many errors: nobody is slowed down or thrown out for them.
            ["smtpd_error_sleep_time"] = "0",
            ["smtpd_soft_error_limit"] = "1000",
            ["smtpd_hard_error_limit"] = "1000",
            ["smtpd_junk_command_limit"] = "1000",

            ["mynetworks"] = string.Join(", ", options.MyNetworks),
            ["relay_domains"] = string.Join(", ", options.RelayDomains),
            ["smtpd_relay_restrictions"] = "permit_mynetworks, permit_auth_destination, reject",
            ["smtpd_recipient_restrictions"] = Refusals(options.RefusedDomains),
            ["default_transport"] = sink,
            ["relay_transport"] = sink,
            ["soft_bounce"] = YesNo(options.SoftBounce),
            ["smtputf8_enable"] = YesNo(options.Postfix.SmtpUtf8),
            ["smtpd_authorized_xclient_hosts"] = options.Postfix.Xclient ? "127.0.0.0/8" : "",

            ["smtpd_milters"] = milters,
            ["non_smtpd_milters"] = options.FilterLocalSubmission ? milters : "",
            ["milter_protocol"] = options.Postfix.MilterProtocol.ToString(CultureInfo.InvariantCulture),
            ["milter_default_action"] = FailureAction(options.OnMilterFailure),
        };
        if (options.Timeouts is { } timeouts)
        {
            settings["milter_connect_timeout"] = Seconds(timeouts.Connect);
            settings["milter_command_timeout"] = Seconds(timeouts.Command);
            settings["milter_content_timeout"] = Seconds(timeouts.EndOfMessage);
        }

        if (options.Tls)
        {
            settings["smtpd_tls_security_level"] = "may";
            settings["smtpd_tls_cert_file"] = server.Folder["cert.pem"];
            settings["smtpd_tls_key_file"] = server.Folder["key.pem"];
            settings["smtpd_tls_CAfile"] = server.Folder["cert.pem"];
            settings["smtpd_tls_ask_ccert"] = YesNo(options.AsksForCertificates);
        }

        foreach (string line in options.Postfix.MainCf)
        {
            string[] pair = line.Split('=', 2, StringSplitOptions.TrimEntries);
            settings[pair[0]] = pair[1];
        }

        var text = new StringBuilder();
        foreach (var (name, value) in settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} = {value}\n");
        }

        return text.ToString();
    }

    public static string MasterCf(int port) => string.Create(CultureInfo.InvariantCulture, $"""
        127.0.0.1:{port} inet n - n - 100 smtpd
        pickup     unix  n - n 60    1 pickup
        cleanup    unix  n - n -     0 cleanup
        qmgr       unix  n - n 300   1 qmgr
        tlsmgr     unix  - - n 1000? 1 tlsmgr
        rewrite    unix  - - n -     - trivial-rewrite
        bounce     unix  - - n -     0 bounce
        defer      unix  - - n -     0 bounce
        trace      unix  - - n -     0 bounce
        verify     unix  - - n -     1 verify
        flush      unix  n - n 1000? 0 flush
        proxymap   unix  - - n -     - proxymap
        proxywrite unix  - - n -     1 proxymap
        smtp       unix  - - n -     - smtp
        relay      unix  - - n -     - smtp
        showq      unix  n - n -     - showq
        error      unix  - - n -     - error
        retry      unix  - - n -     - error
        discard    unix  - - n -     - discard
        anvil      unix  - - n -     1 anvil
        scache     unix  - - n -     1 scache
        postlog    unix-dgram n - n - 1 postlogd

        """);

    private static string Refusals(IEnumerable<string> domains)
    {
        string entries = string.Join(' ', domains.Select(domain => $"{{ {domain} = 550 5.1.1 No such user here }}"));
        return entries.Length == 0 ? "permit" : $"check_recipient_access inline:{{ {entries} }}, permit";
    }

    private static string FailureAction(MilterFailure failure) => failure switch
    {
        MilterFailure.TempFail => "tempfail",
        MilterFailure.Accept => "accept",
        MilterFailure.Reject => "reject",
        MilterFailure.Shutdown => "shutdown",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds)}s");

    private static string YesNo(bool value) => value ? "yes" : "no";
}
