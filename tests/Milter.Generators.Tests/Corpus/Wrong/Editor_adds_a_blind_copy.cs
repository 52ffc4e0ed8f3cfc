[Milter]
partial class Archiver
{
    [OnEom]
    Verdict End(HeaderEditor headers)
    {
        headers.Prepend({|MILTER167:"Bcc"|}, "archive@example.net");
        return Verdict.Accept;
    }
}
