using System.Globalization;
using Milter.Conformance.Tests.Wire;

namespace Milter.Conformance.Tests.Plans;

/// <summary>Actions of the probe, good ones and such as do not parse.</summary>
internal static class Actions
{
    // Names and addresses are such as a filter would have; the odd ones are in smoke.py.
    private static readonly string[] s_names = ["X-A", "Subject", "x-b", "Received", "X-Long-Name.1", "!#$%&'*+"];

    private static readonly string[] s_values =
    [
        "v", "two words", " led by a space", "\ttab", "a_b|c", "100% %s", "a\n\tfolded\n value", "\xff\xfe\xc3", Bytes.Utf8("\u00e4\u00f6\u00fc"),
        "=?utf-8?q?x?=", new string('w', 900),
    ];

    private static readonly string[] s_addresses =
        ["<a@example.test>", "b@example.test", "<\"quoted\"@example.test>", "<\xe9@example.test>", "<" + Bytes.Utf8("\u00fc") + "@example.test>"];

    private static readonly string[] s_numbers = ["0", "1", "2", "007", "100", "2147483647"];

    private static readonly string[] s_notParsed =
    [
        "", "nonsense", "add", "add X-A", "add  v", "Add X-A v", "insert", "insert 1", "insert -1 X-A v", "insert +1 X-A v", "insert 2147483648 X-A v",
        "insert 0x1 X-A v", "insert  1 X-A v", "insert 1  v", "insert X-A 1 v", "change X-A", "change X-A 1", "change X-A one v", "change  1 v",
        "change X-A 99999999999999999999 v", "delete X-A", "delete X-A 1 2", "delete X-A -1", "delete  1", "addrcpt", "addrcptpar", "addrcptpar <a@example.test>",
        "addrcptpar  NOTIFY=NEVER", "delrcpt", "chgfrom", "chgfrom  RET=HDRS", "body", "bigbody", "bigbody x", "bigbody -1", "bigbody 5 6", "bigbody 2147483648",
        "quarantine", "progress now", "echo x", "macro",
    ];

    private static readonly int[] s_sizes = [0, 1, 17, 18, 19, 65534, 65535, 65536, 131069, 131070, 131071];

    /// <summary>One action.</summary>
    /// <param name="dice">The dice.</param>
    /// <param name="macros">The names of macros that may be set.</param>
    public static string One(Dice dice, ReadOnlySpan<string> macros)
    {
        string name = dice.One(s_names);
        string value = dice.One(s_values);
        string number = dice.One(s_numbers);
        string address = dice.One(s_addresses);
        return dice.Number(1, 16) switch
        {
            1 => $"add {name} {value}",
            2 => $"insert {number} {name} {value}",
            3 => $"change {name} {number} {value}",
            4 => $"delete {name} {number}",
            5 => $"addrcpt {address}",
            6 => $"addrcptpar {address} {dice.One("NOTIFY=NEVER", "NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;x@y")}",
            7 => $"delrcpt {address}",
            8 => dice.Chance(50) ? $"chgfrom {dice.One("<>", address)}" : $"chgfrom {address} {dice.One("RET=HDRS", "RET=FULL ENVID=1+2")}",
            9 => $"body {value}",
            10 => $"bigbody {Size(dice)}",
            11 => $"quarantine {value}",
            12 => "progress",
            13 or 14 => $"macro {dice.One(macros)}",
            15 => "echo",
            _ => dice.One(s_notParsed),
        };
    }

    private static string Size(Dice dice) => (dice.Chance(4) ? 1 << 20 : dice.Chance(50) ? dice.Number(0, 400) : dice.One(s_sizes)).ToString(CultureInfo.InvariantCulture);
}
