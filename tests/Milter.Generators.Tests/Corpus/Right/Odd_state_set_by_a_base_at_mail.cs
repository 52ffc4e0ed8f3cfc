// the base sets at MAIL what the class fills; deconstruction, switch expressions and conditional access
abstract class Counting
{
    protected int Count;
    protected string? Sender;
    protected List<string>? Names;

    [OnMail]
    protected virtual void Begin(EnvelopeAddress from)
    {
        (Count, Sender) = (0, from.IsNull ? null : from.Address);
        Names = from.Domain switch { "" => null, _ => [] };
    }
}

[Milter]
partial class Filter : Counting
{
    private readonly Dictionary<string, int> _sizes = [];
    private int _max;

    protected override void Begin(EnvelopeAddress from)
    {
        base.Begin(from);
        Reset();
    }

    [OnRcpt]
    void To(EnvelopeAddress to)
    {
        Count++;
        Names?.Add(to.Address);
        _sizes[to.Address] = Count;
        _max = Math.Max(_max, Count);
    }

    [OnEom] Verdict End() => Count > 100 || _max > 100 || _sizes.Count > 100 || Sender == "x" ? Verdict.Reject() : Verdict.Continue;

    private void Reset()
    {
        _sizes.Clear();
        _max = default;
    }
}
