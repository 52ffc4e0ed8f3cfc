[Milter]
public sealed partial class {|MILTER007:Guard|}
{
    private readonly HashSet<string> _words = ["lottery"];

    public bool IsBad(string subject) => _words.Contains(subject);
}
