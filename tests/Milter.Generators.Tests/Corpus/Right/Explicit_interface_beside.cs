// interfaces with members of the same names
//> EOM: InsertHeader X-Ran|yes
//> EOM: InsertHeader X-Ran|yes
public interface IHandlers
{
    void End();

    Verdict Mail();
}

[Milter]
partial class Filter : IHandlers
{
    void IHandlers.End() { }
    public Verdict Mail() => Verdict.Reject();
    [OnMail] Verdict Mail(EnvelopeAddress from) => from.IsNull ? Mail() : Verdict.Continue;
    [OnEom] void End(HeaderAdder adder) { ((IHandlers)this).End(); adder.Add("X-Ran", "yes"); }
}
