[Milter]
partial class Filter
{
    private static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", "No");

    [OnRcpt]
    Verdict To(EnvelopeAddress to, ConnectInfo? client)
    {
        if (client is null)
            {|MILTER089:Verdict.TempFail()|};
        else if (to.Domain.Length == 0)
            {|MILTER089:Refuse()|};

        switch (to.LocalPart)
        {
            case "abuse":
                {|MILTER089:Allow(to)|};
                break;
        }

        return to.LocalPart.Length > 64 ? s_no : Verdict.Continue;

        Verdict Refuse() => s_no;
    }

    private static Verdict Allow(EnvelopeAddress to) => to.IsNull ? s_no : Verdict.Continue;
}
