[Milter]
partial class Filter
{
    [OnEom] void End(MilterContext context)
    {
        _ = context.GetMacro({|MILTER100:"{mail_from}"|});
        _ = context.GetMacro("{mail_addr}");
    }
}
