[Milter]
partial class Filter
{
    [OnEom]
    async Task<Verdict> End(MessageBody body, BodyEditor editor, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await {|MILTER189:body.CopyToAsync(copy, ct)|};
        if (copy.Length > 0)
        {
            {|MILTER187:editor.Append("\r\n-- \r\n")|};
            editor.Replace(copy.ToArray());
        }

        return Verdict.Continue;
    }
}
