using Milter;
using Milter.Mime;

[Milter]
internal sealed partial class PlainHtml
{
    [OnEom]
    public static void Neutralize(MailParts parts)
    {
        foreach (MailPart part in parts)
        {
            part.Neutralize();
        }
    }
}
