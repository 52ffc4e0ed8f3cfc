using Milter.Client;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <content>Mail as senders and filters make it who are odd or ill-meaning.</content>
internal static partial class PersonalityCases
{
    private static IEnumerable<PersonalityCase> Field() => [.. Spellings(), .. Replies(), .. OddHeaders()];

    private static IEnumerable<PersonalityCase> Spellings()
    {
        const string Plain = "two@example.com";
        string[] spellings =
        [
            "@relay.example:two@example.com", "@relay.example,@b.example:two@example.com", "\"two\"@example.com", "\"t\\wo\"@example.com", "two@example.com.", "two(comment)@example.com",
            "(c)two@example.com", "two@(c)example.com", "two@example.com(c)", "Two@Example.COM", " two@example.com ", "two @ example.com", "\"two words\"@example.com", "two.\"x\"@example.com",
        ];
        foreach (string spelling in spellings)
        {
            string escaped = spelling.Replace("\\", "\\\\", StringComparison.Ordinal);
            yield return PersonalityCase.Raw($"spelling: {spelling}, removed as it is", End($"- <{escaped}>\\0"), Message(Mail.Message(), To, spelling));
            yield return PersonalityCase.Raw($"spelling: {spelling}, removed as two", End($"- <{Plain}>\\0"), Message(Mail.Message(), To, spelling));
            yield return PersonalityCase.Raw($"spelling: two, removed as {spelling}", End($"- <{escaped}>\\0"), Message(Mail.Message(), To, Plain));
            yield return PersonalityCase.Engine(
                $"spelling: {spelling}, removed by an editor", () => EditFilter.Of(edits => edits.Envelope.RemoveRecipient(new MailPath(spelling).Canonical)), Message(Mail.Message(), To, spelling));
        }
    }

    private static IEnumerable<PersonalityCase> Replies()
    {
        (string Name, string Text)[] texts =
        [
            ("UTF-8", "550 5.7.1 gr\\xc3\\xbc\\xc3\\x9fe"),
            ("UTF-8 in several lines", "550-5.7.1 one \\xc3\\xbc\\r\\n550 5.7.1 two"),
            ("UTF-8 whose low bits are a NUL", "550 5.7.1 \\xe2\\x80\\x9dquoted\\xe2\\x80\\x9d"),
            ("control characters", "550 5.7.1 tab\\there esc\\x1b[0m del\\x7f"),
        ];
        foreach ((string name, string text) in texts)
        {
            yield return PersonalityCase.Raw($"reply at RCPT: {name}", Answering("R", text), Message(Mail.Message()));
            yield return PersonalityCase.Raw($"reply at EOM: {name}", Answering("E", text), Message(Mail.Message()));
        }

        foreach (int code in new[] { 450, 451, 550, 552, 554 })
        {
            foreach (string step in new[] { "M", "R", "E" })
            {
                yield return PersonalityCase.Raw($"reply at {step}: {code} in a line", Answering(step, $"{code} {code / 100}.7.1 one"), Message(Mail.Message()));
                yield return PersonalityCase.Raw($"reply at {step}: {code} in two lines", Answering(step, $"{code}-{code / 100}.7.1 one\\r\\n{code} {code / 100}.7.1 two"), Message(Mail.Message()));
            }
        }

        yield return PersonalityCase.Raw(
            "reply at EOM: UTF-8 to a client that asks for it", Answering("E", texts[0].Text), MessageFrom(new MailPath("sender@example.org", "SMTPUTF8"), Mail.Message())) with { Only = MtaKind.Postfix };
        string most = string.Join("\\r\\n", Enumerable.Range(1, 16).Select(i => $"550{(i == 16 ? ' ' : '-')}5.7.1 {new string((char)('a' + i), 980)}"));
        yield return PersonalityCase.Raw("reply at EOM: as long as may be", Answering("E", most), Message(Mail.Message()));
        yield return PersonalityCase.Raw("reply at RCPT: as long as may be", Answering("R", most), Message(Mail.Message()));
    }

    private static IEnumerable<PersonalityCase> OddHeaders()
    {
        const string After = "\r\nX-B: b\r\n";
        yield return PersonalityCase.Probe("odd: a NUL in a field", Message(Mail.Message("X-A: one\0two\r\n t\0wo\r\n three" + After)));
        yield return PersonalityCase.Probe("odd: a field name of eight bits", Message(Ending("X-\xE9: b")));
        yield return PersonalityCase.Probe("odd: a field name with a control character", Message(Ending("X-\x01: b")));
        yield return PersonalityCase.Probe("odd: a field name with DEL", Message(Ending("X-\x7f: b"))) with { Only = MtaKind.Postfix };
        yield return PersonalityCase.Probe("odd: a blank after a field name", Message(Mail.Message("X-A: one\r\nX-C : c" + After)));
        yield return PersonalityCase.Probe("odd: bare carriage returns", Message(Mail.Message("X-A: one\rtwo\r\nX-B: b\r\n", "one\rtwo\r\n"))) with { Only = MtaKind.Postfix };
        foreach (int lines in new[] { 600, 650, 1200 })
        {
            string folds = string.Concat(Enumerable.Range(0, lines).Select(i => $"\r\n {i:D6}{new string('x', 91)}"));
            yield return PersonalityCase.Probe($"odd: a field of {lines} long lines", Message(Mail.Message("X-A: one" + folds + After))) with { Only = MtaKind.Postfix };
        }

        yield return PersonalityCase.Raw(
            "macros: the queue id at CONNECT and HELO", new() { Lists = [new(Protocol.MacroStage.Connect, "i j"), new(Protocol.MacroStage.Helo, "i j")] },
            Message(Mail.Message()), Message(Mail.Message()), new Move.Hello("again.example.org"), Message(Mail.Message()));
        yield return PersonalityCase.Probe(
            "session: unknown commands after RSET and EHLO", new Move.Begin(From), new Move.Unknown("FOO"), new Move.Reset(), new Move.Unknown("FOO"), new Move.Hello("again.example.org"), new Move.Unknown("FOO"),
            Message(Mail.Message()), new Move.Unknown("FOO"), new Move.Hello("again.example.org"), new Move.Unknown("FOO"));
    }

    // A header that has all that a server would add, and ends with what is no field.
    private static string Ending(string line) =>
        $"From: sender@example.org\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-Id: <odd@example.org>\r\nX-A: one\r\n{line}\r\nX-B: b\r\n\r\nbody\r\n";

    private static RawScript Answering(string step, string reply) => new() { Answer = told => told.StartsWith(step, StringComparison.Ordinal) ? [$"y {reply}\\0"] : null };
}
