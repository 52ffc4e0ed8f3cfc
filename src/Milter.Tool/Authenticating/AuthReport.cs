using System.Text.Json.Nodes;
using Milter.Auth;

namespace Milter.Tool;

/// <summary>Judges as a filter would, and tells.</summary>
internal static class AuthReport
{
    private const string AnyHost = "localhost";

    public static async Task<int> CheckAsync(AuthQuestion asked, DnsOptions options, Terminal terminal, bool json, CancellationToken cancellation)
    {
        RawMessage? message = asked.Message is { } bytes ? RawMessage.Of(bytes) : null;
        var facts = new SenderFacts(DnsNames.Plain(asked.Client), asked.Helo, Sender(asked.From ?? ReturnPath(message)));
        var services = new AuthenticationServices(new MailDns(options), new AuthenticationOptions(), options, TimeProvider.System);
        using var sender = new SenderAuthentication(facts, message, "there is no message", services, AnyHost, cancellation);
        SpfResult spf = await sender.GetSpfAsync();
        IReadOnlyList<DkimResult> dkim = message is null ? [] : await sender.GetDkimAsync();
        ArcResult arc = message is null ? new ArcResult(AuthResult.None, "there is no message", []) : await sender.GetArcAsync();
        DmarcResult dmarc = message is null ? new DmarcResult(AuthResult.None, "there is no message", null) : await sender.GetDmarcAsync();
        string? field = message is null ? null : $"{ResultsText.FieldName}: {await sender.ToAuthenticationResultsAsync()}";
        if (json)
        {
            terminal.Line(SendJson.Line(Json(spf, dkim, arc, dmarc, field)));
        }
        else
        {
            Write(terminal, spf, dkim, arc, dmarc, field);
        }

        return Code(message is not null && dmarc.Result != AuthResult.None ? dmarc.Result : spf.Result);
    }

    private static int Code(AuthResult decisive) => decisive switch
    {
        AuthResult.TempError => ExitCode.TempFailed,
        AuthResult.Fail or AuthResult.PermError => ExitCode.Refused,
        _ => ExitCode.Passed,
    };

    private static string ReturnPath(RawMessage? message) =>
        message?.Header.Named("Return-Path").Select(message.Header.Text).FirstOrDefault() ?? "";

    private static string Sender(string given)
    {
        string plain = given.Trim();
        return plain.StartsWith('<') && plain.EndsWith('>') ? plain[1..^1] : plain;
    }

    private static JsonObject Json(SpfResult spf, IReadOnlyList<DkimResult> dkim, ArcResult arc, DmarcResult dmarc, string? field) => new()
    {
        ["spf"] = new JsonObject
        {
            ["result"] = spf.Result.Word(),
            ["reason"] = Shown.Plain(spf.Reason),
            ["explanation"] = spf.Explanation is { } explanation ? Shown.Plain(explanation) : null,
            ["sender"] = Shown.Plain(spf.Sender),
        },
        ["dkim"] = new JsonArray([.. dkim.Select(static one => (JsonNode)new JsonObject
        {
            ["result"] = one.Result.Word(),
            ["reason"] = Shown.Plain(one.Reason),
            ["domain"] = Shown.Plain(one.Domain),
            ["selector"] = Shown.Plain(one.Selector),
            ["algorithm"] = Shown.Plain(one.Algorithm),
            ["signedLength"] = one.SignedLength,
            ["unsignedBytes"] = one.UnsignedBytes,
        })]),
        ["arc"] = new JsonObject { ["result"] = arc.Result.Word(), ["reason"] = Shown.Plain(arc.Reason), ["sets"] = arc.Sets.Count },
        ["dmarc"] = new JsonObject
        {
            ["result"] = dmarc.Result.Word(),
            ["reason"] = Shown.Plain(dmarc.Reason),
            ["domain"] = dmarc.Domain is { } domain ? Shown.Plain(domain) : null,
            ["policy"] = dmarc.PolicyDomain is null ? null : Word(dmarc.Policy),
            ["disposition"] = Word(dmarc.Disposition),
        },
        ["field"] = field is null ? null : Shown.Plain(field),
    };

    private static string Word(DmarcPolicy policy) => policy.ToString().ToLowerInvariant();

    private static void Write(Terminal terminal, SpfResult spf, IReadOnlyList<DkimResult> dkim, ArcResult arc, DmarcResult dmarc, string? field)
    {
        Tell(terminal, "SPF", spf.Result, $"{spf.Reason}, for {spf.Sender}");
        if (spf.Explanation is { } explanation)
        {
            terminal.Line($"       the domain says: {Shown.Plain(explanation)}");
        }

        if (field is null)
        {
            return;
        }

        foreach (DkimResult one in dkim)
        {
            Tell(terminal, "DKIM", one.Result, $"{one.Reason}, of {one.Domain} ({one.Selector})");
        }

        if (dkim.Count == 0)
        {
            Tell(terminal, "DKIM", AuthResult.None, "there is no signature");
        }

        if (arc.Result != AuthResult.None)
        {
            Tell(terminal, "ARC", arc.Result, arc.Reason);
        }

        Tell(terminal, "DMARC", dmarc.Result, dmarc.Result == AuthResult.Fail ? $"{dmarc.Reason}; the domain wants: {Word(dmarc.Disposition)}" : dmarc.Reason);
        terminal.Line();
        terminal.Line(Shown.Plain(field));
    }

    private static void Tell(Terminal terminal, string method, AuthResult result, string reason)
    {
        string word = result.Word();
        string shown = result switch { AuthResult.Pass => Shown.Good(word), AuthResult.Fail or AuthResult.PermError => Shown.Bad(word), AuthResult.None => Shown.Quiet(word), _ => Shown.Warn(word) };
        terminal.Marked($"{method,-6} {shown}: {Shown.Text(reason)}");
    }
}
