abstract class Shared
{
    [OnConnect]
    protected Verdict Connect(TlsInfo? {|MILTER107:tls|}, MilterContext context) => tls is null && {|MILTER107:context.IsTls|} ? Verdict.Reject() : Verdict.Continue;
}

[Milter]
partial class Filter : Shared
{
    [OnHelo]
    Verdict Helo(Authentication? {|MILTER107:login|}, MilterContext context) => login is null && Known(context) ? Verdict.Reject() : Verdict.Continue;

    private static bool Known(MilterContext context) => {|MILTER107:context.IsAuthenticated|};
}
