using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Plans;

/// <summary>Makes the moves of one message, from MAIL to the end of its body.</summary>
internal sealed class MessageMaker(Dice dice, Macros macros)
{
    private static readonly string[] s_senders =
        ["<>", "", "<s@example.test>", "plain@example.test", "<\xff@example.test>", "<" + Bytes.Utf8("j\u00f6rg@b\u00fccher.test") + ">", "<\"a b\"@example.test>", "<@relay.test:s@example.test>", "<reject@MAIL.probe.test>", "<\"reject\"@mail.probe.test>"];

    private static readonly string[] s_recipients =
        ["<r@example.test>", "r@example.test", "<\xfe@example.test>", "<" + Bytes.Utf8("\u00e4@example.test") + ">", "<Postmaster>", "<\"x y\"@example.test>", "<reject@mail.probe.test>"];

    private static readonly string[] s_headers =
    [
        "Subject\0 hello\0", "From\0 <s@example.test>\0", "To\0 a,\n\tb,\n c\0", "X-Empty\0\0", "X-Blank\0 \0", "X-Two\0  two spaces\0", "X-Tab\0\ttab\0", "X-Bytes\0 \xff\xfe\x80\0",
        "X-None\0no space\0", "Received\0 from x\n\tby y; date\0", "X-Long\0 " + new string('l', 2000) + "\0", "X-Utf8\0 " + Bytes.Utf8("\u00fc\u20ac\U0001f600") + "\0", "X-Probe\0 add X-A v\0",
        "X-Probe-Dont\0 add X-A v\0", "Verdict\0 eom=reject\0",
    ];

    private readonly List<Move> _moves = [];

    /// <summary>Makes a message.</summary>
    /// <param name="isLocal">Whether it comes from Postfix's cleanup: addresses without brackets, and no verdict at RCPT (D25).</param>
    public IReadOnlyList<Move> Make(bool isLocal)
    {
        _moves.Clear();
        macros.BeginMessage();
        Add(MilterCommand.Mail, Bytes.Z([Sender(isLocal), .. Arguments()]));
        for (int i = dice.Chance(70) ? 1 : dice.Number(2, 5); i > 0; i--)
        {
            Add(MilterCommand.Rcpt, Bytes.Z([Recipient(isLocal), .. dice.Chance(20) ? new[] { "NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;r@example.test" } : []]));
        }

        Add(MilterCommand.Data);
        foreach (string header in Headers())
        {
            Add(MilterCommand.Header, header);
        }

        Add(MilterCommand.EndOfHeaders);
        foreach (string chunk in Body())
        {
            Add(MilterCommand.Body, chunk);
        }

        Add(MilterCommand.EndOfMessage);
        return _moves;
    }

    private void Add(MilterCommand command, string payload = "") => _moves.Add(new Move(command, payload, macros.For(command)));

    private string Sender(bool isLocal)
    {
        string sender = dice.Chance(12) ? Address(Words.Verdict(dice) + "@mail.probe.test") : dice.One(s_senders);
        return isLocal ? sender.TrimStart('<').TrimEnd('>') : sender;
    }

    private string Recipient(bool isLocal) => isLocal ? "r@example.test"
        : dice.Chance(25) ? Address(Words.Verdict(dice) + "@rcpt.probe.test")
        : dice.One(s_recipients);

    private string Address(string address) => dice.Chance(80) ? $"<{address}>" : address;

    private IEnumerable<string> Arguments()
    {
        foreach (string argument in new[] { "SIZE=100", "BODY=8BITMIME", "RET=HDRS", "ENVID=x,y", "SMTPUTF8", "AUTH=<>", "xdata=reject", "XDATA" })
        {
            if (dice.Chance(12))
            {
                yield return argument;
            }
        }

        for (int i = dice.Chance(80) ? 0 : dice.Number(1, 2); i > 0; i--)
        {
            yield return "XDATA=" + Words.Verdict(dice);
        }
    }

    private string[] Headers()
    {
        List<string> headers = [.. Enumerable.Range(0, dice.Number(0, 4)).Select(_ => dice.One(s_headers))];
        for (int i = dice.Chance(25) ? 0 : dice.Number(1, 6); i > 0; i--)
        {
            headers.Add(Field("X-Probe-Do", Actions.One(dice, Macros.Names)));
        }

        foreach (var (stage, percent) in new[] { ("header", 10), ("eoh", 12), ("body", 25), ("eom", 50), ("data", 2), ("EOM", 2) })
        {
            for (int i = dice.Chance(percent) ? dice.Chance(85) ? 1 : 2 : 0; i > 0; i--)
            {
                headers.Add(Field("X-Probe-Verdict", $"{stage}={Words.Verdict(dice).Replace('_', dice.One('_', '_', ' '))}"));
            }
        }

        Span<string> shuffled = [.. headers];
        dice.Shuffle(shuffled);
        return shuffled.ToArray();
    }

    private string Field(string name, string value) => Bytes.Z(
        dice.One(name, name, name.ToUpperInvariant(), name.ToLowerInvariant()),
        dice.One(" ", " ", " ", "", "\t", "  ", " \t ") + value + dice.One("", "", "", " ", "\t "));

    private IEnumerable<string> Body()
    {
        int total = dice.Number(1, 100) switch
        {
            <= 25 => 0,
            <= 80 => dice.Number(1, 500),
            <= 98 => dice.One(1, 2, 65534, 65535, 65536, 131070),
            _ => 1 << 20,
        };
        string body = dice.Body(total);
        while (body.Length > 0)
        {
            int count = Math.Min(body.Length, dice.Chance(80) || total > 65536 ? MilterLimits.MaxPayload : dice.Number(1, body.Length));
            yield return body[..count];
            body = body[count..];
        }
    }
}
