using Milter;
using Milter.Mime;

[Milter]
internal sealed partial class NoPrograms
{
    private static readonly string[] s_programs = ["exe", "scr", "com", "bat", "cmd", "pif", "js", "jse", "vbs", "wsf", "hta", "lnk", "ps1", "msi", "jar"];

    [OnEom]
    public static Verdict Check(MailParts parts, HeaderEditor headers)
    {
        foreach (MailPart part in parts.WithExtension(s_programs))
        {
            string name = MailPart.Printable(part.FindExtension(s_programs)!);
            switch (part.ReplaceWithNotice($"The attachment {name} was removed: programs are not taken by mail.\r\n"))
            {
                case EditOutcome.Done: headers.Append("X-Removed", name); break;
                case EditOutcome.Gone: break;
                default: return Verdict.Reject(550, "5.7.1", "Signed mail with a program is not taken");
            }
        }

        return Verdict.Continue;
    }
}
