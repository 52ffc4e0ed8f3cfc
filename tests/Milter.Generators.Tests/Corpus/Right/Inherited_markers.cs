// an override has the markers of the parameters that it overrides
//> EOM: InsertHeader X-Seen|client.example.org smtpd Hello 192.0.2.1 lottery
//> EOM: InsertHeader X-Seen|client.example.org smtpd Again 192.0.2.1 lottery
public abstract class Shared
{
    [OnRcpt] protected virtual Verdict To([Helo] string? helo, [Macro("j")] string? host) => Verdict.TempFail();

    [OnEom] protected virtual Verdict End([Header("Subject")] string? subject, [Needs(MilterActions.AddHeaders)] HeaderEditor? headers, [ClientAddress] IPAddress? client, [FromServices] List<string> words) => Verdict.TempFail();
}

public abstract class Between : Shared
{
    protected override Verdict To(string? helo, string? host) => Verdict.TempFail();
}

[Milter]
partial class Filter : Between
{
    [PerMessage] private string? _seen;

    protected override Verdict To(string? name, [Macro("{daemon_name}")] string? daemon)
    {
        _seen = $"{name} {daemon}";
        return Verdict.Continue;
    }

    protected override Verdict End(string? text, HeaderEditor? editor, IPAddress? address, List<string> list)
    {
        editor?.Prepend("X-Seen", $"{_seen} {text} {address} {list[0]}");
        return Verdict.Continue;
    }
}
