[Milter]
partial class Filter
{
    [OnRcpt]
    Verdict {|MILTER193:To|}(EnvelopeAddress to)
    {
        Verdict verdict = Verdict.Continue;
        Console.WriteLine(to.Address);
        return verdict;
    }

    [OnHeader] Verdict {|MILTER193:Field|}(HeaderField field) => field.Is("X") switch { true => Verdict.Continue, _ => Verdict.Continue };
}
