using System.Diagnostics.CodeAnalysis;
using Milter.Protocol;

namespace Milter.Samples.Probe;

/// <summary>Carries out the actions of one message, in the order seen.</summary>
/// <remarks>
/// An action whose fields do not parse, or that the framework refuses to send, is left out. Where the MTA did not offer what it
/// needs, a header <c>X-Probe-Refused</c> says so.
/// </remarks>
internal sealed class ActionRun(MessageActions actions, MilterContext context, Func<string> echo)
{
    public void CarryOut(string action)
    {
        try
        {
            var fields = new Fields(action);
            string word = fields.Word();
            switch (word)
            {
                case "add":
                    Add(word, fields);
                    break;
                case "insert":
                    Insert(word, fields);
                    break;
                case "change":
                    Change(word, fields);
                    break;
                case "delete":
                    Delete(word, fields);
                    break;
                case "addrcpt" when Given(fields.Rest) && May(word, MilterActions.AddRecipients):
                    actions.AddRecipient(fields.Rest);
                    break;
                case "addrcptpar" when Given(fields.Next(), out string? address) && May(word, MilterActions.AddRecipientsWithArguments):
                    actions.AddRecipientWithArguments(address, fields.Rest!);
                    break;
                case "delrcpt" when Given(fields.Rest) && May(word, MilterActions.DeleteRecipients):
                    actions.DeleteRecipient(fields.Rest);
                    break;
                case "chgfrom":
                    ChangeSender(word, fields);
                    break;
                case "body" when Given(fields.Rest) && May(word, MilterActions.ChangeBody):
                    actions.ReplaceBody(WireText.GetBytes(fields.Rest + "\r\n"));
                    break;
                case "bigbody" when Fields.TryNumber(fields.Rest, out int length) && May(word, MilterActions.ChangeBody):
                    BigBody(length);
                    break;
                case "quarantine" when Given(fields.Rest) && May(word, MilterActions.Quarantine):
                    actions.Quarantine(fields.Rest);
                    break;
                case "progress" when fields.Rest is null:
                    actions.Progress();
                    break;
                case "macro" when Given(fields.Rest) && May(word, MilterActions.AddHeaders):
                    string? value = context.GetMacro(fields.Rest);
                    actions.AddHeader("X-Probe-Macro", value is null ? fields.Rest : $"{fields.Rest}={value}");
                    break;
                case "echo" when fields.Rest is null && May(word, MilterActions.AddHeaders):
                    actions.AddHeader("X-Probe-Seen", echo());
                    break;
            }
        }
        catch (ArgumentException)
        {
            // Not fit for the wire.
        }
    }

    private void Add(string word, Fields fields)
    {
        if (Given(fields.Next(), out string? name) && May(word, MilterActions.AddHeaders))
        {
            actions.AddHeader(name, fields.Rest!);
        }
    }

    private void Insert(string word, Fields fields)
    {
        if (Fields.TryNumber(fields.Next(), out int index) && Given(fields.Next(), out string? name) && May(word, MilterActions.AddHeaders))
        {
            actions.InsertHeader(index, name, fields.Rest!);
        }
    }

    private void Change(string word, Fields fields)
    {
        if (Given(fields.Next(), out string? name) && Fields.TryNumber(fields.Next(), out int occurrence) && May(word, MilterActions.ChangeHeaders))
        {
            actions.ChangeHeader(name, occurrence, fields.Rest!);
        }
    }

    private void Delete(string word, Fields fields)
    {
        if (Given(fields.Next(), out string? name) && Fields.TryNumber(fields.Rest, out int occurrence) && May(word, MilterActions.ChangeHeaders))
        {
            actions.DeleteHeader(name, occurrence);
        }
    }

    private void ChangeSender(string word, Fields fields)
    {
        string? first = fields.Next();
        if (Given(first ?? fields.Rest, out string? address) && May(word, MilterActions.ChangeSender))
        {
            actions.ChangeSender(address, first is null ? null : fields.Rest);
        }
    }

    private void BigBody(int length)
    {
        ReadOnlySpan<byte> line = "0123456789abcdef\r\n"u8;
        byte[] part = new byte[Math.Min(length, MilterLimits.MaxPayload)];
        int sent = 0;
        do
        {
            int count = Math.Min(part.Length, length - sent);
            for (int i = 0; i < count; i++)
            {
                part[i] = line[(sent + i) % line.Length];
            }

            actions.ReplaceBody(part.AsSpan(0, count));
            sent += count;
        }
        while (sent < length);
    }

    /// <summary>Whether the MTA offered it; where not, a header says what was left out.</summary>
    private bool May(string word, MilterActions needed)
    {
        if (actions.Offered.HasFlag(needed))
        {
            return true;
        }

        if (actions.Offered.HasFlag(MilterActions.AddHeaders))
        {
            actions.AddHeader("X-Probe-Refused", word);
        }

        return false;
    }

    private static bool Given([NotNullWhen(true)] string? text) => !string.IsNullOrEmpty(text);

    private static bool Given(string? text, [NotNullWhen(true)] out string? given) => Given(given = text);
}
