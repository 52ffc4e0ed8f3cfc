using System.Globalization;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>The m4 sources of a private Sendmail's configuration.</summary>
internal static class SendmailConfiguration
{
    /// <summary>The daemon's configuration.</summary>
    public static string Server(SendmailServer server, string root)
    {
        MtaOptions options = server.Options;
        StringBuilder mc = Begin(server, root)
            .Append(CultureInfo.InvariantCulture, $$"""
                define(`confPID_FILE', `{{server.Folder["sendmail.pid"]}}')
                define(`QUEUE_DIR', `{{server.Folder["queue"]}}')
                define(`STATUS_FILE', `{{server.Folder["statistics"]}}')
                define(`HELP_FILE', `')
                define(`ALIAS_FILE', `')
                define(`confCW_FILE', `-o {{server.Folder["etc/none"]}}')
                define(`confDEF_USER_ID', `nobody:nogroup')
                define(`confTRUSTED_USER', `root')
                define(`confTO_IDENT', `0')
                define(`confDONT_PROBE_INTERFACES', `True')
                define(`confQUEUE_LA', `10000')
                define(`confREFUSE_LA', `10000')
                define(`confDELAY_LA', `0')
                define(`confLOG_LEVEL', `14')
                define(`confSAFE_QUEUE', `True')
                define(`confDELIVERY_MODE', `interactive')
                define(`confSOFT_BOUNCE', `{{options.SoftBounce}}')
                define(`SMART_HOST', `relay:[127.0.0.1]')
                define(`RELAY_MAILER_ARGS', `TCP $h {{server.Sink.Port}}')
                FEATURE(`no_default_msa')
                FEATURE(`nocanonify')
                FEATURE(`accept_unresolvable_domains')
                FEATURE(`accept_unqualified_senders')
                FEATURE(`access_db', `hash -T<TMPF> -o {{server.Folder["etc/access.db"]}}')
                FEATURE(`blocklist_recipients')
                DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={{server.Port}}')

                """);
        if (options.Tls)
        {
            mc.Append(CultureInfo.InvariantCulture, $"""
                define(`confCACERT', `{server.Folder["cert.pem"]}')
                define(`confCACERT_PATH', `{server.Folder["etc"]}')
                define(`confSERVER_CERT', `{server.Folder["cert.pem"]}')
                define(`confSERVER_KEY', `{server.Folder["key.pem"]}')
                define(`confTLS_SRV_OPTIONS', `{(options.AsksForCertificates ? "" : "V")}')

                """);
        }

        for (int i = 0; i < options.Milters.Count; i++)
        {
            mc.Append(CultureInfo.InvariantCulture, $"INPUT_MAIL_FILTER(`milter{i}', `S={options.Milters[i].ForSendmail}")
                .Append(FailureFlag(options.OnMilterFailure))
                .Append(Timeouts(options.Timeouts))
                .Append("')\n");
        }

        foreach (string line in options.Sendmail.Mc)
        {
            mc.Append(line).Append('\n');
        }

        return mc.Append("MAILER(`smtp')\n").ToString();
    }

    /// <summary>The configuration of the command that hands mail to the daemon by SMTP.</summary>
    public static string Submission(SendmailServer server, string root) => Begin(server, root)
        .Append(CultureInfo.InvariantCulture, $"""
            define(`confPID_FILE', `{server.Folder["client.pid"]}')
            define(`MSP_QUEUE_DIR', `{server.Folder["client-queue"]}')
            define(`STATUS_FILE', `{server.Folder["client-queue/statistics"]}')
            define(`confRUN_AS_USER', `nobody:nogroup')
            define(`RELAY_MAILER_ARGS', `TCP $h {server.Port}')
            FEATURE(`nocanonify')
            FEATURE(`msp', `[127.0.0.1]')

            """)
        .ToString();

    /// <summary>Who may relay where, and which recipients are refused.</summary>
    public static string Access(MtaOptions options) => string.Concat(
    [
        .. options.MyNetworks.Select(network => $"Connect:{NetworkPrefix(network)}\tRELAY\n"),
        .. options.RelayDomains.Select(domain => $"To:{domain}\tRELAY\n"),
        .. options.RefusedDomains.Select(domain => $"To:{domain}\tERROR:5.1.1:550 No such user here\n"),
    ]);

    private static StringBuilder Begin(SendmailServer server, string root) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"""
            divert(-1)
            include(`{SendmailServer.MacroFolder(root)}/cf.m4')
            divert(0)
            OSTYPE(`linux')
            define(`confDOMAIN_NAME', `{MtaServer.HostName}')
            define(`confCT_FILE', `-o {server.Folder["etc/none"]}')
            define(`confSERVICE_SWITCH_FILE', `{server.Folder["etc/service.switch"]}')
            define(`confHOSTS_FILE', `/etc/hosts')

            """);

    // The access map knows networks by their first octets.
    private static string NetworkPrefix(string network)
    {
        string[] parts = network.Split('/');
        int bits = parts.Length == 1 ? 32 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return bits is 8 or 16 or 24 or 32
            ? string.Join('.', parts[0].Split('.').Take(bits / 8))
            : throw new NotSupportedException($"Sendmail's access map has no network like {network}.");
    }

    private static string FailureFlag(MilterFailure failure) => failure switch
    {
        MilterFailure.TempFail => ", F=T",
        MilterFailure.Accept => "",
        MilterFailure.Reject => ", F=R",
        MilterFailure.Shutdown => ", F=4",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };

    private static string Timeouts(MilterTimeouts? timeouts) => timeouts is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $", T=C:{Seconds(timeouts.Connect)}s;S:{Seconds(timeouts.Command)}s;R:{Seconds(timeouts.Command)}s;E:{Seconds(timeouts.EndOfMessage)}s");

    private static double Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds);
}
