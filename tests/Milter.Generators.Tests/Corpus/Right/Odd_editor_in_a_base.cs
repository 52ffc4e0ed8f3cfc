// values for RemoveWhere that another handler of the stage asks for, and editors in helpers
//> EOM: ReplaceBody new\nmore
//> EOM: ReplaceBody new\nmore
abstract class Shared
{
    [OnEom(Order = 1)]
    protected void Look(MessageHeaders headers) => Console.WriteLine(headers.Count);
}

[Milter]
partial class Filter : Shared
{
    [OnEom(Order = 2)]
    Verdict End(HeaderEditor headers, Quarantine quarantine, BodyEditor editor, MessageBody body)
    {
        Clean(headers);
        if (!Fits(body))
        {
            return Verdict.TempFail();
        }

        Start(editor);
        editor.Append("more");
        if (headers.Seen.Count > 1000)
        {
            quarantine.Hold("long");
            return Verdict.Accept;
        }

        return Verdict.Continue;
    }

    private static void Clean(HeaderEditor headers) => headers.RemoveWhere("X-Old", field => field.Value.Length > 3);

    private static void Start(BodyEditor editor) => editor.Replace("new\r\n");

    private static bool Fits(MessageBody body) => body.IsAvailable && body.OpenRead().Length < 1_000_000;
}
