// what can be changed
//> EOM: ChangeHeader X-Spam
//> EOM: ChangeHeader Subject|[x] 3
//> EOM: InsertHeader X-Top|1
//> EOM: ReplaceBody changed\n
//> EOM: DeleteRecipient <bob@example.net>
//> EOM: AddRecipient <dave@example.org>
//> EOM: Quarantine spam
//> EOM: ChangeHeader Subject|[x] 2
//> EOM: InsertHeader X-Top|1
//> EOM: ReplaceBody changed\n
//> EOM: DeleteRecipient <bob@example.net>
//> EOM: AddRecipient <dave@example.org>
[Milter]
partial class Filter
{
    [OnEom]
    void End(HeaderEditor headers, EnvelopeEditor envelope, BodyEditor body, Quarantine quarantine, [Header("X-Spam")] string? spam)
    {
        headers.Set("Subject", "[x] " + headers.Seen.Count);
        headers.RemoveAll("X-Spam");
        headers.Prepend("X-Top", "1");
        envelope.AddRecipient("dave@example.org");
        envelope.RemoveRecipient("bob@example.net");
        body.Replace("changed\n");
        if (spam is not null)
        {
            quarantine.Hold("spam");
        }
    }
}
