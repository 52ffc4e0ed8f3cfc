using System.Globalization;
using Milter.Client;
using Milter.Mta.Filters;
using Milter.Samples.Probe;

namespace Milter.Mta.Tests;

/// <summary>The cases: one list for both servers.</summary>
internal static partial class PersonalityCases
{
    private const string To = "to@example.com";
    private static MailPath From => new("sender@example.org");

    public static IReadOnlyList<PersonalityCase> All { get; } =
        [.. Messages(), .. Headers(), .. Envelopes(), .. Sessions(), .. Macros(), .. Verdicts(), .. Negotiations(), .. Field()];

    private static Move.Message Message(string content, params IReadOnlyList<Recipient> to) => MessageFrom(From, content, to);

    private static Move.Message MessageFrom(MailPath from, string content, params IReadOnlyList<Recipient> to) => new(from, to.Count == 0 ? [To] : to, content);

    private static IEnumerable<PersonalityCase> Messages()
    {
        const string spaces = "X-None:tight\r\nX-Two:  two\r\nX-Tab:\ttab\r\nX-Fold: a\r\n\tb\r\n c\r\nX-FoldFirst:\r\n later\r\nX-Empty:\r\nX-Blank: \r\nX-Trail: end  \r\n";
        const string eightBit = "X-8: d\xE9j\xE0\r\n";
        yield return PersonalityCase.Probe("a plain message", Message(Mail.Message("Subject: s\r\nTo: to@example.com\r\n")));
        yield return PersonalityCase.Probe("spaces, tabs and folds in the header", Message(Mail.Message(spaces)));
        yield return PersonalityCase.Engine<SpaceKeepingProbe>("spaces, tabs and folds in the header, kept for the filter", null, Message(Mail.Message(spaces)));
        yield return PersonalityCase.Probe("an empty body", Message(Mail.Message(body: "")));
        yield return PersonalityCase.Probe("a body of bare empty lines and dots", Message(Mail.Message(body: "\r\n.\r\n..x\r\n\r\n")));
        yield return PersonalityCase.Probe("eight bits", MessageFrom(new MailPath("sender@example.org", "BODY=8BITMIME"), Mail.Message(eightBit, "d\xE9j\xE0\r\n")));
        foreach (int size in new[] { 65_534, 65_535, 65_536, 200_000 })
        {
            yield return PersonalityCase.Probe($"a body of {size} bytes", Message(Mail.Message(body: Lines(size))));
        }

        yield return PersonalityCase.Probe("the null sender", MessageFrom(MailPath.Null, Mail.Message()));
        yield return PersonalityCase.Probe("arguments of MAIL", MessageFrom(new MailPath("sender@example.org", "SIZE=1000", "BODY=7BIT", "RET=HDRS", "ENVID=e1"), Mail.Message()));
        yield return PersonalityCase.Probe("arguments in small letters", MessageFrom(new MailPath("sender@example.org", "size=1000", "body=8bitmime"), Mail.Message()));
        yield return PersonalityCase.Probe("arguments of RCPT", Message(Mail.Message(), new Recipient(new MailPath(To, "NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;to@example.com"))));
        yield return PersonalityCase.Probe("SMTPUTF8", MessageFrom(new MailPath("sender@example.org", "SMTPUTF8"), Mail.Message())) with { Only = MtaKind.Postfix };
        yield return PersonalityCase.Probe("addresses in capitals and quotes", MessageFrom(new MailPath("Sender.X@Example.ORG"), Mail.Message(), "\"to with blank\"@example.com", "Big@EXAMPLE.com"));
    }

    private static IEnumerable<PersonalityCase> Headers()
    {
        const string fields = "X-A: one\r\nX-A: two\r\nX-A: three\r\nX-B: b\r\n";
        foreach ((string name, string message) in RawHeaderTests.Inputs)
        {
            yield return PersonalityCase.Probe($"header: {name}", Message(message));
        }

        (string Name, string[] Actions)[] more =
        [
            ("change at 0", ["change X-A 0 new"]),
            ("change at 1", ["change X-A 1 new"]),
            ("change the first, delete it, change the first again", ["change X-A 1 new", "delete X-A 1", "change X-A 1 again"]),
            ("delete the first, change the second", ["delete X-A 1", "change X-A 2 new"]),
            ("delete the second, change the second", ["delete X-A 2", "change X-A 2 new"]),
            ("delete at 0", ["delete X-A 0"]),
            ("delete all and add", ["delete X-A 3", "delete X-A 2", "delete X-A 1", "add X-A new"]),
            ("delete all and change", ["delete X-A 3", "delete X-A 2", "delete X-A 1", "change X-A 1 new"]),
            ("delete all and change beyond", ["delete X-A 3", "delete X-A 2", "delete X-A 1", "change X-A 4 new"]),
            ("add and change what was added", ["add X-New v", "change X-New 1 w"]),
            ("add and delete what was added", ["add X-New v", "delete X-New 1"]),
            ("add to a name that is there and change", ["add X-A new", "change X-A 1 first"]),
            ("insert and change by number", ["insert 0 X-A new", "change X-A 1 first", "change X-A 2 second"]),
            ("insert and change by number, below", ["insert 1 X-A new", "change X-A 1 first"]),
            ("insert and delete by number", ["insert 0 X-A new", "delete X-A 1"]),
            ("insert in the middle", ["insert 4 X-New v"]),
            ("insert in descending places", ["insert 1000000 X-N 1", "insert 3 X-N 2", "insert 1 X-N 3", "insert 0 X-N 4"]),
            ("insert in ascending places", ["insert 0 X-N 1", "insert 1 X-N 2", "insert 3 X-N 3", "insert 5 X-N 4", "insert 12 X-N 5"]),
            ("insert after a deletion", ["delete X-A 1", "insert 2 X-New v", "insert 11 X-New w"]),
            ("insert after additions", ["add X-New v", "add X-A v", "insert 3 X-New w", "insert 11 X-New x"]),
            ("several edits in order", ["add X-N 1", "insert 1 X-T 2", "change X-A 2 new", "delete X-B 1", "add X-B again", "insert 0 X-T 3", "change X-A 3 last"]),
            ("change Received", ["change Received 1 from x by y"]),
            ("delete Received", ["delete Received 1"]),
            ("add Received", ["add Received from x by y"]),
            ("change Date", ["change Date 1 Fri, 2 Jan 2026 00:00:00 +0000"]),
            ("delete Date and add it", ["delete Date 1", "add Date Fri, 2 Jan 2026 00:00:00 +0000"]),
            ("add Date that is there", ["add Date Fri, 2 Jan 2026 00:00:00 +0000"]),
            ("add From that is there", ["add From other@example.org"]),
            ("add Message-Id that is there", ["add Message-Id <other@example.org>"]),
            ("change Message-Id in another case", ["change MESSAGE-ID 1 <other@example.org>"]),
            ("change Message-Id beyond", ["change Message-Id 2 <other@example.org>"]),
            ("add Subject, To, Cc, Reply-To", ["add Subject s", "add To to@example.com", "add Cc cc@example.com", "add Reply-To r@example.com"]),
            ("insert Date and Message-Id", ["insert 0 Date Fri, 2 Jan 2026 00:00:00 +0000", "insert 1 Message-Id <other@example.org>"]),
            ("leading and trailing space in a value", ["add X-New  two", "insert 0 X-Top  two", "change X-A 1  two", "add X-End end  "]),
            ("Return-Path", ["add Return-Path <x@example.org>", "insert 0 Return-Path <y@example.org>"]),
            ("Bcc", ["add Bcc bcc@example.com"]),
            ("Full-Name and Resent", ["add Full-Name N", "add Resent-From r@example.org", "add Resent-Date Fri, 2 Jan 2026 00:00:00 +0000"]),
        ];
        yield return PersonalityCase.Probe("header: insert at 3 to 16", [.. Enumerable.Range(3, 14).Select(index => Message(Mail.Doing([$"insert {index} X-New v"], fields)))]);
        foreach ((string name, string[] actions) in more)
        {
            yield return PersonalityCase.Probe($"header: {name}", Message(Mail.Doing(actions, fields)));
            if (name.Contains("space", StringComparison.Ordinal) || name.StartsWith("several", StringComparison.Ordinal))
            {
                yield return PersonalityCase.Engine<SpaceKeepingProbe>($"header, with its space: {name}", null, Message(Mail.Doing(actions, fields)));
            }
        }

        yield return PersonalityCase.Engine<SpaceKeepingProbe>(
            "header, with its space: values without one", null, Message(Mail.Doing(["add X-New v", "insert 1 X-New  w", "change X-A 1 new", "change X-C 1 \tnew"], "X-A:tight\r\nX-B:  two\r\nX-C:\ttab\r\n")));
        yield return PersonalityCase.Probe("header: a Received of the client's", Message(Mail.Doing(["change Received 1 changed", "change Received 2 new"], "Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n")));
        (string Name, string Fields)[] kinds =
        [
            ("Return-Path, Full-Name, Content-Length", "Return-Path: <x@example.org>\r\nFull-Name: N\r\nContent-Length: 6\r\n"),
            ("Bcc", "To: to@example.com\r\nBcc: bcc@example.com\r\n"),
            ("Resent", "Resent-From: r@example.org\r\nResent-Date: Fri, 2 Jan 2026 00:00:00 +0000\r\nResent-Message-Id: <r@example.org>\r\nResent-To: to@example.com\r\n"),
            ("MIME", "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"),
            ("lists of addresses", "To: A <a@example.com>,\r\n b@example.com, \"C, D\" <c@example.com>\r\nCc: undisclosed-recipients:;\r\n"),
        ];
        foreach ((string name, string own) in kinds)
        {
            // Sendmail writes lists of addresses anew.
            yield return PersonalityCase.Probe($"header: the client's {name}", Message(Mail.Doing(["insert 1 X-New v", "add X-Last w"], own))) with { Only = name.StartsWith("lists", StringComparison.Ordinal) ? MtaKind.Postfix : null };
        }

        yield return PersonalityCase.Probe("header: Resent fields beside the client's", Message(Mail.Doing(["add Resent-To two@example.com", "change Resent-From 1 new@example.org"], kinds[2].Fields)));
        yield return PersonalityCase.Probe("header: Return-Path, inserted", Message(Mail.Doing(["insert 0 Return-Path <y@example.org>", "insert 1000000 Content-Length 5"])));
        yield return PersonalityCase.Raw("header: folded values", End(
            "h X-New\\0a\\n\\tb\\n c\\0", "i \\0\\0\\0\\0X-Top\\0a\\nb\\0", "m \\0\\0\\0\\x01Subject\\0a\\n\\n\\tb\\0", "h X-Cr\\0a\\r\\n\\tb\\0"), Message(Mail.Message("Subject: s\r\n")));
        yield return PersonalityCase.Raw("header: empty values", End("h X-New\\0\\0", "i \\0\\0\\0\\0X-Top\\0\\0", "h X-Blank\\0 \\0"), Message(Mail.Message("Subject: s\r\n")));
        yield return PersonalityCase.Raw("header: an index beyond all numbers", End("i \\x7f\\xff\\xff\\xffX-New\\0v\\0", "m \\x7f\\xff\\xff\\xffSubject\\0new\\0"), Message(Mail.Message("Subject: s\r\n")));
    }

    private static IEnumerable<PersonalityCase> Envelopes()
    {
        (string Name, string[] Actions)[] cases =
        [
            ("change the sender", ["chgfrom <new@example.net>"]),
            ("change the sender without brackets", ["chgfrom new@example.net"]),
            ("change the sender with arguments", ["chgfrom <new@example.net> RET=HDRS ENVID=e1"]),
            ("change the sender to none", ["chgfrom <>"]),
            ("change the sender twice", ["chgfrom <one@example.net>", "chgfrom <two@example.net>"]),
            ("add a recipient", ["addrcpt <added@example.com>"]),
            ("add a recipient without brackets", ["addrcpt added@example.com"]),
            ("add a recipient with arguments", ["addrcptpar <added@example.com> NOTIFY=NEVER"]),
            ("add a recipient that is there", ["addrcpt <to@example.com>"]),
            ("add a recipient that is there with arguments", ["addrcptpar <to@example.com> NOTIFY=NEVER"]),
            ("add a recipient that is there in capitals", ["addrcpt <TO@example.com>", "addrcpt <to@EXAMPLE.com>"]),
            ("add a recipient twice", ["addrcpt <added@example.com>", "addrcpt <added@example.com>"]),
            ("delete a recipient", ["delrcpt <two@example.com>"]),
            ("delete a recipient without brackets", ["delrcpt two@example.com"]),
            ("delete a recipient in capitals", ["delrcpt <TWO@example.com>"]),
            ("delete a recipient whose host is in capitals", ["delrcpt <two@EXAMPLE.com>"]),
            ("delete who is not there", ["delrcpt <nobody@example.com>"]),
            ("delete all recipients", ["delrcpt <to@example.com>", "delrcpt <two@example.com>"]),
            ("delete a recipient and add it", ["delrcpt <two@example.com>", "addrcpt <two@example.com>"]),
            ("add a recipient and delete it", ["addrcpt <added@example.com>", "delrcpt <added@example.com>"]),
            ("replace the body", ["body .one", "body two"]),
            ("replace the body by nothing", ["bigbody 0"]),
            ("replace the body by a large one", ["bigbody 200000"]),
            ("replace the body between edits", ["add X-N v", "body one", "add X-N w"]),
            ("hold the message", ["quarantine look at it"]),
            ("hold the message twice", ["quarantine first", "quarantine second"]),
            ("hold the message and change its envelope", ["quarantine look at it", "chgfrom <new@example.net>", "addrcpt <added@example.com>", "delrcpt <two@example.com>"]),
        ];
        foreach ((string name, string[] actions) in cases)
        {
            yield return PersonalityCase.Probe($"envelope: {name}", Message(Mail.Doing(actions), To, "two@example.com"));
        }

        yield return PersonalityCase.Probe(
            "envelope: change a sender that has arguments", MessageFrom(new MailPath("sender@example.org", "RET=FULL", "ENVID=old", "SIZE=1000"), Mail.Doing(["chgfrom <new@example.net>"])));
        yield return PersonalityCase.Probe(
            "envelope: change a sender and some of its arguments", Message(Mail.Doing(["chgfrom <new@example.net> RET=HDRS"])) with { From = new MailPath("sender@example.org", "RET=FULL", "ENVID=old") });
        yield return PersonalityCase.Probe("envelope: a recipient given twice in other letters", Message(Mail.Message(), To, "TO@example.com", "to@EXAMPLE.com"));
        yield return PersonalityCase.Probe(
            "envelope: a recipient given twice with other arguments", Message(Mail.Message(), new Recipient(new MailPath(To, "NOTIFY=NEVER")), To));
        yield return PersonalityCase.Probe(
            "envelope: a recipient added twice with other arguments", Message(Mail.Doing(["addrcptpar <added@example.com> NOTIFY=NEVER", "addrcpt <added@example.com>"])));
        // Sendmail then asks for notices of failure and delay.
        yield return PersonalityCase.Probe(
            "envelope: delete and add a recipient that has arguments", Message(Mail.Doing([$"delrcpt <{To}>", $"addrcpt <{To}>"]), new Recipient(new MailPath(To, "NOTIFY=NEVER")), "two@example.com")) with { Only = MtaKind.Postfix };
        yield return PersonalityCase.Probe("envelope: a recipient given twice", Message(Mail.Message(), To, To, "two@example.com"));
        yield return PersonalityCase.Probe("envelope: a recipient given twice and deleted", Message(Mail.Doing([$"delrcpt <{To}>"]), To, To, "two@example.com"));
        yield return PersonalityCase.Engine("envelope: an editor adds who is there", () => EditFilter.Of(edits => edits.Envelope.AddRecipient(To)), Message(Mail.Message(), To, "two@example.com"));
        yield return PersonalityCase.Raw("envelope: a body without a line end", End("b one\\nb", "b two"), Message(Mail.Message()));
        yield return PersonalityCase.Raw("envelope: a body with line feeds only", End("b one\\ntwo\\n"), Message(Mail.Message()));
        yield return PersonalityCase.Raw("envelope: a body of one empty packet", End("b"), Message(Mail.Message()));
    }

    // The filter says this before it lets the message pass.
    private static RawScript End(params string[] modifications) => new() { Answer = told => told == "E" ? [.. modifications, "c"] : null };

    private static string Lines(int size)
    {
        string text = string.Concat(Enumerable.Range(0, (size / 72) + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:D10} {new string('x', 59)}\r\n")));
        return text[..(size - 2)].TrimEnd('\r', '\n').PadRight(size - 2, 'y') + "\r\n";
    }
}
