// fields that occur once are added where they are missing
//> EOM: ChangeHeader Subject
//> EOM: InsertHeader Authentication-Results|mx.example.org; none
//> EOM: InsertHeader Date|Mon, 1 Jan 2024 00:00:00 +0000
//> EOM: InsertHeader Message-ID|<1@example.org>
//> EOM: InsertHeader Subject|Hello
//> EOM: InsertHeader X-Folded|a\n b\n	c
//> EOM: InsertHeader X-Two|a\n \n	b
//> EOM: ChangeHeader Subject
//> EOM: InsertHeader Authentication-Results|mx.example.org; none
//> EOM: InsertHeader Date|Mon, 1 Jan 2024 00:00:00 +0000
//> EOM: InsertHeader Message-ID|<1@example.org>
//> EOM: InsertHeader Subject|Again
//> EOM: InsertHeader X-Folded|a\n b\n	c
//> EOM: InsertHeader X-Two|a\n \n	b
[Milter]
partial class Filter
{
    private const string Old = "X-Old";

    [OnEom]
    void End(HeaderEditor headers, [Header("Date")] string? date, MessageHeaders shown)
    {
        if (date is null)
        {
            headers.Append("Date", "Mon, 1 Jan 2024 00:00:00 +0000");
        }

        if (!headers.Seen.Contains("Message-ID"))
        {
            headers.Append("Message-ID", "<1@example.org>");
        }

        headers.RemoveAll("Subject");
        headers.Append("Subject", shown.Decoded("Subject") ?? "none");
        for (int i = headers.Seen.CountOf(Old); i > 0; i--)
        {
            headers.Remove(Old, i);
        }

        for (int i = 0; i < headers.Seen.CountOf("X-Older"); i++)
        {
            headers.Change("X-Older", i + 1, "x");
        }

        foreach (string name in new[] { "X-A", "X-B" })
        {
            headers.Remove(name, 1);
        }

        headers.RemoveWhere("Authentication-Results", field => field.ValueText.StartsWith("mx.example.org", StringComparison.OrdinalIgnoreCase));
        headers.ChangeEach("X-Score", field => field.ValueText + "!");
        headers.Prepend("Authentication-Results", "mx.example.org; none");
        headers.Set("X-Folded", "a\r\n b\n\tc");
        headers.Append("X-Two", $"a\r\n {date?.Length}\r\n\tb");
    }
}
