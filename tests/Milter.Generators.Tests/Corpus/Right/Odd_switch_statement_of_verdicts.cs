// patterns, tuples, goto, local functions with state of their own
[Milter]
partial class Filter
{
    [OnRcpt]
    Verdict To(EnvelopeAddress to, ConnectInfo? client, Authentication? login)
    {
        int tries = 0;
        Verdict result = (client, login) switch
        {
            (null, _) => Verdict.Continue,
            ({ IsLocal: true }, _) => Verdict.Continue,
            (_, { Identity: "root" }) => Verdict.Reject(),
            _ => Loop(),
        };
        switch (to.Domain)
        {
            case { Length: 0 } when tries > 3:
                goto default;
            case { Length: > 200 }:
                return Verdict.Reject();
            default:
                return result;
        }

        Verdict Loop()
        {
            while (tries < 2)
            {
                tries++;
                if (to.LocalPart.Length == tries * 100)
                {
                    return Verdict.TempFail();
                }
            }

            return Verdict.Continue;
        }
    }
}
