static class Macros { public const string Client = "{client_addr}"; }

[Milter]
partial class Filter
{
    [OnMail] Verdict From(MilterContext context) => Is(context, "x") ? Verdict.Reject() : Verdict.Continue;

    private static bool Is(MilterContext context, string what) => context.GetMacro({|MILTER109:Macros.Client|}) == what || context.GetMacro({|MILTER100:"{auth_autehn}"|}) == what;
}
