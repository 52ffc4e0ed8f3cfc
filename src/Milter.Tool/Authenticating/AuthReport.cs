using System.Text.Json.Nodes;
using Milter.Auth;

namespace Milter.Tool;

/// <summary>Judges, and tells.</summary>
internal static class AuthReport
{
    public static async Task<int> CheckAsync(AuthQuestion asked, DnsOptions options, Terminal terminal, bool json, CancellationToken cancellation)
    {
        using var dns = new MessageDns(new MailDns(options), options, TimeProvider.System);
        var check = new SpfCheck(dns, TimeProvider.System, null);
        string sender = (asked.From ?? "").Trim();
        sender = sender.StartsWith('<') && sender.EndsWith('>') ? sender[1..^1] : sender;
        SpfResult spf = await check.MailFromAsync(asked.Client, asked.Helo, sender, cancellation);
        if (json)
        {
            terminal.Line(SendJson.Line(new JsonObject
            {
                ["spf"] = new JsonObject { ["result"] = spf.Result.Word(), ["reason"] = Shown.Plain(spf.Reason), ["explanation"] = spf.Explanation },
                ["dkim"] = new JsonArray(),
                ["dmarc"] = new JsonObject { ["result"] = "none", ["reason"] = "there is no message" },
            }));
        }
        else
        {
            terminal.Line($"SPF    {spf.Result.Word()}: {Shown.Plain(spf.Reason)}");
        }

        return spf.Result switch
        {
            AuthResult.TempError => ExitCode.TempFailed,
            AuthResult.Fail or AuthResult.PermError => ExitCode.Refused,
            _ => ExitCode.Passed,
        };
    }
}
