[Milter]
partial class Disclaimer
{
    [OnEom]
    Verdict End(BodyEditor body)
    {
        {|MILTER187:body.Append("\r\nThis message is confidential.\r\n")|};
        return Verdict.Accept;
    }
}
