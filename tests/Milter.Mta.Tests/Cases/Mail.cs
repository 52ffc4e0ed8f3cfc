using System.Text;

namespace Milter.Mta.Tests;

/// <summary>Messages to send, and what is compared of those that came.</summary>
internal static class Mail
{
    /// <summary>An address that no other test has.</summary>
    public static string NewAddress(string name = "to", string domain = "example.com") => $"{name}-{Guid.NewGuid():N}@{domain}";

    /// <summary>A message to which no server has to add a field but its Received.</summary>
    /// <param name="fields">More fields, each ended by CR LF; they come first.</param>
    /// <param name="body">The body.</param>
    public static string Message(string fields = "", string body = "body\r\n") =>
        $"{fields}From: sender@example.org\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-Id: <{Guid.NewGuid():N}@example.org>\r\n\r\n{body}";

    /// <summary>A message with a header X-Probe-Do for each action.</summary>
    public static string Doing(IEnumerable<string> actions, string fields = "", string body = "body\r\n") =>
        Message(fields + string.Concat(actions.Select(action => $"X-Probe-Do: {action}\r\n")), body);

    /// <summary>The fields of a delivered message, top first, without those that every message of <see cref="Message"/> has and those for the probe; a Received is shown by its name.</summary>
    public static IReadOnlyList<string> Fields(this MessageContent message) =>
    [
        .. message.Headers
            .Where(field => field.Name is not ("From" or "Date" or "Message-Id" or "Message-ID" or "X-Probe-Do" or "X-Probe-Verdict"))
            .Select(field => field.Name == "Received" ? "Received" : $"{field.Name}: {field.Value}"),
    ];

    /// <summary>What the probe has seen of a message: its <c>echo</c>, name by name.</summary>
    public static IReadOnlyDictionary<string, string> Seen(this MessageContent message) => message.HeaderValues("X-Probe-Seen").Single()
        .ReplaceLineEndings("").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Text in Latin-1, where every character is one byte.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
