[Milter]
partial class Filter
{
    [OnEom]
    void End(HeaderEditor headers)
    {
        headers.Set({|MILTER086:"X-Scanned: "|}, "yes");
        headers.RemoveAll({|MILTER086:"Bcc:"|});
        headers.Change("Subject", 1, {|MILTER087:"one\r\ntwo"|});
    }
}
