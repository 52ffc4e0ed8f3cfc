using System.Globalization;

namespace Milter.Conformance.Tests.Plans;

/// <summary>Verdict words, good and bad ones.</summary>
internal static class Words
{
    private static readonly string[] s_plain = ["continue", "accept", "reject", "tempfail", "discard", "skip"];

    private static readonly string[] s_none =
    [
        "", "Reject", "REJECT", "rejected", "nonsense", "reply", "reply:", "reply:550", "reply:550:5.7.1", "Reply:550:5.7.1:x",
        "reply:250:2.0.0:x", "reply:650:5.7.1:x", "reply:55:5.7.1:x", "reply:5500:5.7.1:x", "reply:5x0:5.7.1:x", "reply::5.7.1:x",
        "reply:550:5.7:x", "reply:550:5.7.1.1:x", "reply:550:5.1234.1:x", "reply:550:5..1:x", "reply:550:6.7.1:x", "reply:550:_:x",
        "reply:4\xb2\xb3::x",
    ];

    private static readonly string[] s_texts =
    [
        "no_thanks", "_two__blanks_", "", "100%_of_%s", "%", "%%", "a:b::c", ":", // D27: ASCII.
        "come_back_later", "(tab\there)".Replace('\t', '_'), "<a@b>...", "{}[]\"'\\",
    ];

    /// <summary>The form that the word has within an address, a host name or an ESMTP argument; in a header it may have blanks as well.</summary>
    public static string Verdict(Dice dice) => dice.Number(1, 100) switch
    {
        <= 62 => dice.One(s_plain),
        <= 90 => Reply(dice),
        _ => dice.One(s_none),
    };

    private static string Reply(Dice dice)
    {
        char kind = dice.One('4', '5');
        string code = dice.Chance(4) ? "421" : kind + dice.One("50", "51", "00", "99", "54", "22");

        // D12: the enhanced code is of the code's class.
        string enhanced = dice.Chance(25) ? "" : $"{code[0]}.{dice.One("7.1", "0.0", "1.10", "999.999", "007.001")}";
        return $"reply:{code}:{enhanced}:{Lines(dice)}";
    }

    private static string Lines(Dice dice)
    {
        // 32 lines and 980 bytes are the most; % counts twice.
        int special = dice.Number(1, 60);
        int count = special switch
        {
            1 => 32,
            2 => 33,
            < 35 => 1,
            _ => dice.Number(2, 4),
        };
        string[] lines = [.. Enumerable.Range(1, count).Select(i => count < 5 ? dice.One(s_texts) : "line_" + i.ToString(CultureInfo.InvariantCulture))];
        lines[dice.Number(0, count - 1)] += special switch
        {
            3 => new string('x', 980),
            4 => new string('%', 490),
            5 => new string('%', 491),
            6 => new string('x', 900),
            _ => "",
        };
        return string.Join('|', lines);
    }
}
