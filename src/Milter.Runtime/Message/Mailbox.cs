using Milter.Protocol;

namespace Milter.Message;

/// <summary>Checks addresses and arguments that go into the envelope.</summary>
internal static class Mailbox
{
    private static readonly string[] s_notices = ["SUCCESS", "FAILURE", "DELAY"];

    /// <summary>Refuses what is not one address.</summary>
    public static MailPath Check(string address, bool mayBeNull)
    {
        var path = new MailPath(address);
        string? fault = path.Text.Length == 0 && !mayBeNull ? "The address is empty." : path.Check();
        return fault is null ? path : throw new ArgumentException(fault, nameof(address));
    }

    /// <summary>Refuses arguments that RCPT does not have. Sendmail would leave the recipient out.</summary>
    public static string? CheckRecipientArguments(string? arguments) => Check(arguments, static (keyword, value) => keyword switch
    {
        "NOTIFY" when IsNotify(value) => null,
        "NOTIFY" => "NOTIFY is NEVER, or some of SUCCESS, FAILURE and DELAY with commas between them",
        "ORCPT" when value.IndexOf(';') is > 0 and var type && IsXtext(value[(type + 1)..]) => null,
        "ORCPT" => "ORCPT is a type, a semicolon and an address in xtext, such as rfc822;ann@example.org (Xtext.Encode makes xtext)",
        _ => "a recipient has NOTIFY and ORCPT only",
    });

    /// <summary>Refuses values that the arguments of MAIL don't have; of others the MTA knows whether it takes them.</summary>
    public static string? CheckSenderArguments(string? arguments) => Check(arguments, static (keyword, value) => keyword switch
    {
        "RET" when value.ToUpperInvariant() is not ("FULL" or "HDRS") => "RET is FULL or HDRS",
        "ENVID" when value.Length == 0 || !IsXtext(value) => "ENVID is xtext (Xtext.Encode makes it)",
        _ => null,
    });

    private static string? Check(string? arguments, Func<string, string, string?> find)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return null;
        }

        foreach (char c in arguments)
        {
            if (char.IsControl(c))
            {
                throw new ArgumentException($"The ESMTP arguments have the control character U+{(int)c:X4}. Give keywords with their values and one space between them.", nameof(arguments));
            }
        }

        string[] all = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (string argument in all)
        {
            string[] pair = argument.Split('=', 2);
            if (find(pair[0].ToUpperInvariant(), pair.Length > 1 ? pair[1] : "") is { } fault)
            {
                throw new ArgumentException($"The ESMTP argument {argument} is not fit: {fault} (RFC 3461 section 4).", nameof(arguments));
            }
        }

        return string.Join(' ', all);
    }

    private static bool IsNotify(string value) =>
        value.Equals("NEVER", StringComparison.OrdinalIgnoreCase) || value.Split(',').All(word => s_notices.Contains(word, StringComparer.OrdinalIgnoreCase));

    private static bool IsXtext(string value) => Xtext.IsValid(WireText.GetBytes(value));
}
