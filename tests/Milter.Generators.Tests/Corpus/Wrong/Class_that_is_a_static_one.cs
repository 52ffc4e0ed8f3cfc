[Milter]
static partial class {|MILTER002:Filter|}
{
    [OnMail] static Verdict From(EnvelopeAddress from) => from.IsNull ? Verdict.Reject() : Verdict.Continue;
}
