[Milter]
partial class Filter
{
    [OnMail] Verdict Mail([{|MILTER101:Macro("{rcpt_addr}")|}] string? to) => default;
    [OnConnect] Verdict Connect([{|MILTER101:Macro("{auth_authen}")|}] string? user, [{|MILTER101:Macro("{cipher}")|}] string? cipher) => default;
}
