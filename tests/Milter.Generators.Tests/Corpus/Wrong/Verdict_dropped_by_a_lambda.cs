[Milter]
partial class Filter
{
    private static readonly List<string> s_words = ["lottery", "casino"];

    [OnEom]
    Verdict End([Header("Subject", Decoded = true)] HeaderValues subjects)
    {
        s_words.ForEach(word => {|MILTER089:Judge(subjects, word)|});
        foreach (string word in s_words)
        {
            if (word.Length > 3)
                {|MILTER089:Judge(subjects, word)|};
        }

        return Verdict.Continue;
    }

    private static Verdict Judge(HeaderValues subjects, string word)
    {
        foreach (string subject in subjects)
        {
            if (subject.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return Verdict.Reject();
            }
        }

        return Verdict.Continue;
    }
}
