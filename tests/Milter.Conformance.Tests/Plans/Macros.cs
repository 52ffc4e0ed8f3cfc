using System.Globalization;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Plans;

/// <summary>The macro sets of one session.</summary>
internal sealed class Macros
{
    /// <summary>What may be looked up: each name is always spelled alike (D15), and EOH and EOM share none but <c>i</c> (D16).</summary>
    public static readonly string[] Names =
    [
        "j", "{j}", "_", "v", "{daemon_name}", "{if_addr}", "{tls_version}", "{cipher_bits}", "i", "{i}", "{auth_authen}", "{mail_addr}", "{rcpt_addr}", "{rcpt_host}",
        "{at_data}", "{at_eoh}", "{msg_id}", "unbraced", "{unset}", "x", "{MAIL_ADDR}", "I",
    ];

    private static readonly string[] s_values = ["", "value", "a b = c", "mx.example.test [192.0.2.1]", "\xff\xfe", Bytes.Utf8("\u00fc@example.test"), "<1@example.test>", "{x}", "0"];

    private readonly Dice _dice;
    private readonly int _percent;
    private string _queueId = "";

    public Macros(Dice dice, Habits habits)
    {
        _dice = dice;
        _percent = dice.Chance(15) ? 0 : habits == Habits.Postfix ? 100 : 70;
    }

    /// <summary>Begins a message: its queue id changes.</summary>
    public void BeginMessage() => _queueId = "Q" + _dice.Number(1, 99999).ToString(CultureInfo.InvariantCulture);

    /// <summary>The set that goes before a command; null for none.</summary>
    public string? For(MilterCommand command)
    {
        if (!_dice.Chance(_percent))
        {
            return null;
        }

        (string[] names, bool isKept) = command switch
        {
            MilterCommand.Connect => (["j", "_", "v", "{daemon_name}", "{if_addr}"], true),
            MilterCommand.Helo => (["{tls_version}", "{cipher_bits}"], true),
            MilterCommand.Mail => (["i", "{auth_authen}", "{mail_addr}", "unbraced"], true),
            MilterCommand.Rcpt => (["i", "{rcpt_addr}", "{rcpt_host}"], true),
            MilterCommand.Data => (["i", "{at_data}"], true),
            MilterCommand.EndOfHeaders => (["i", "{at_eoh}"], true),
            MilterCommand.EndOfMessage => (["i", "{msg_id}"], true),

            // D16: neither side keeps these beyond their step.
            _ => (new[] { "i", "{per_step}" }, false),
        };
        string set = string.Concat(names.Where(_ => _dice.Chance(70)).Select(name => Bytes.Z(name, name == "i" ? _queueId : _dice.One(s_values))));

        // D17: libmilter reads beyond its memory where a set that it keeps has a name without a value.
        return !isKept && _dice.Chance(10) ? set + Bytes.Z("{odd}") : set;
    }
}
