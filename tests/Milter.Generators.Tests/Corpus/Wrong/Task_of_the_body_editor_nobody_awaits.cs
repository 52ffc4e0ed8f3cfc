[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(BodyEditor editor)
    {
        using var text = new MemoryStream([.. "nothing"u8]);
        {|MILTER091:{|MILTER123:editor|}.ReplaceAsync(text)|};
        return Verdict.Accept;
    }
}
