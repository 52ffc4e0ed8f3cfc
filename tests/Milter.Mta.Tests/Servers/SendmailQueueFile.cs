using System.Text;

namespace Milter.Mta.Tests;

/// <summary>Sendmail's queue file: a letter at the start of a line says what the line is.</summary>
internal static class SendmailQueueFile
{
    public static HeldMessage Read(string id, string control, byte[] body)
    {
        string from = "", reason = "";
        var recipients = new List<string>();
        var header = new StringBuilder();
        foreach (string line in Unfold(control))
        {
            switch (line.Length == 0 ? ' ' : line[0])
            {
                case 'S':
                    from = line[1..].Trim('<', '>');
                    break;
                case 'R': // RFLAGS:<address>
                    recipients.Add(line[(line.IndexOf(':') + 1)..].Trim('<', '>'));
                    break;
                case 'q':
                    reason = line[1..];
                    break;
                case 'H' when !IsReturnPath(line): // H?FLAGS?Name: value
                    header.Append(line.AsSpan(line.IndexOf('?', 2) + 1)).Append('\n');
                    break;
            }
        }

        return new HeldMessage(id, from, recipients, reason, [.. Encoding.Latin1.GetBytes($"{header}\n"), .. body]);
    }

    // The placeholder that Sendmail fills in when a mailer asks for it.
    private static bool IsReturnPath(string line) => line.StartsWith("H?P?Return-Path:", StringComparison.Ordinal);

    private static List<string> Unfold(string control)
    {
        var lines = new List<string>();
        foreach (string line in control.Split('\n'))
        {
            if (line is [' ' or '\t', ..] && lines.Count > 0)
            {
                lines[^1] += "\n" + line;
            }
            else
            {
                lines.Add(line);
            }
        }

        return lines;
    }
}
