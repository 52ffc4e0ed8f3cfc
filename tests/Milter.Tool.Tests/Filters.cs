namespace Milter.Tool.Tests;

/// <summary>Decides by the sender, and changes what passes.</summary>
[Milter]
public sealed partial class Deciding
{
    [OnMail]
    public Verdict From(EnvelopeAddress sender) => sender.LocalPart switch
    {
        "refused" => Verdict.Reject(550, "5.7.1", "No, thank you"),
        "later" => Verdict.TempFail(451, "4.7.1", "Come again"),
        "dropped" => Verdict.Discard,
        _ => Verdict.Continue,
    };

    [OnRcpt]
    public Verdict To(EnvelopeAddress recipient) => recipient.LocalPart == "nobody" ? Verdict.Reject(550, "5.1.1", "Not here") : Verdict.Continue;

    [OnEom]
    public Verdict End([Header("Subject")] string? subject, [Macro("{auth_authen}")] string? user, [Macro("{client_port}")] string? port, HeaderEditor headers)
    {
        headers.Set("Subject", $"[{user ?? "-"} {port ?? "-"}] {subject}");
        return Verdict.Accept;
    }
}
