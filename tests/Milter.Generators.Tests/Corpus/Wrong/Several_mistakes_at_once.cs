namespace Company.Mail;

[Milter]
public partial class Everything(int seen)
{
    private string? _from;

    [OnMail] void Mail(EnvelopeAddress from, [{|MILTER100:Macro("{auth_autehn}")|}] string? user) => {|MILTER110:_from|} += from.Address + user;

    [OnRcpt] Verdict To() => {|MILTER112:seen|}++ > 9 ? {|MILTER082:Verdict.Discard|} : {|MILTER081:Verdict.Accept|};

    [OnEom] Verdict End([Header("To")] string {|MILTER105:to|}) => to == _from ? {|MILTER080:Verdict.Skip|} : {|MILTER088:Verdict.Reject(550, null, "no")|};
}
