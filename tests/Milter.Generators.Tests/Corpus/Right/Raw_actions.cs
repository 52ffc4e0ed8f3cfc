// for experts
//> EOM: AddHeader X-A|1
//> EOM: Quarantine because
//> EOM: AddHeader X-A|1
//> EOM: Quarantine because
[Milter]
partial class Filter
{
    [OnEom]
    void End(MessageActions actions)
    {
        actions.AddHeader("X-A", "1");
        actions.Quarantine("because");
    }
}
