using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>A message of a test, put together step by step.</summary>
/// <remarks>Header fields <c>From</c>, <c>To</c>, <c>Date</c> and <c>Message-ID</c> are there unless set otherwise; those of a file or text are taken as they are.</remarks>
public sealed class TestMessage
{
    private readonly MailTransaction _message = new() { QueueId = "4Xk2P6hRbz1Fm" };
    private bool _isWhole;

    private TestMessage()
    {
    }

    /// <summary>Begins a message.</summary>
    /// <param name="sender">The sender, with or without angle brackets; empty for the null sender.</param>
    /// <param name="arguments">ESMTP arguments of MAIL: <c>SIZE=100</c>.</param>
    /// <returns>The message.</returns>
    public static TestMessage From(string sender, params string[] arguments) => new TestMessage().Sender(sender, arguments);

    /// <summary>Reads header and body from an <c>.eml</c> file. A byte-order mark and an mbox's <c>From </c> line are understood.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The message. Until set otherwise its envelope has the first address of <c>From</c> and all of <c>To</c>, <c>Cc</c> and <c>Bcc</c>, those of groups too.</returns>
    public static TestMessage Load(string path) => Of(MailContent.Load(path));

    /// <summary>Reads header and body from text. A byte-order mark and an mbox's <c>From </c> line are understood.</summary>
    /// <param name="message">The text; lines may end with LF.</param>
    /// <returns>The message. Until set otherwise its envelope has the first address of <c>From</c> and all of <c>To</c>, <c>Cc</c> and <c>Bcc</c>, those of groups too.</returns>
    public static TestMessage Parse(string message) => Of(MailContent.Parse(message));

    /// <summary>Sets the sender.</summary>
    /// <param name="address">The address; empty for the null sender.</param>
    /// <param name="arguments">ESMTP arguments.</param>
    /// <returns>This message.</returns>
    public TestMessage Sender(string address, params string[] arguments)
    {
        _message.Sender = new MailPath(address, arguments);
        return this;
    }

    /// <summary>Adds recipients.</summary>
    /// <param name="recipients">Their addresses.</param>
    /// <returns>This message.</returns>
    public TestMessage To(params MailPath[] recipients)
    {
        foreach (MailPath recipient in recipients)
        {
            _message.Recipients.Add(recipient);
        }

        return this;
    }

    /// <summary>Replaces the recipients.</summary>
    /// <param name="recipients">Their addresses.</param>
    /// <returns>This message.</returns>
    public TestMessage OnlyTo(params MailPath[] recipients)
    {
        _message.Recipients.Clear();
        return To(recipients);
    }

    /// <summary>Adds a recipient that the MTA itself refuses.</summary>
    /// <param name="recipient">Its address.</param>
    /// <param name="reply">What the client is told; <see langword="null"/> for an unknown user.</param>
    /// <returns>This message.</returns>
    public TestMessage ToRefused(MailPath recipient, SmtpReply? reply = null)
    {
        _message.RefusedRecipients.Add(new RefusedRecipient(recipient, reply ?? new SmtpReply(550, "5.1.1", "User unknown")));
        return this;
    }

    /// <summary>Adds a header field at the end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; folds as a line feed and white space.</param>
    /// <returns>This message.</returns>
    public TestMessage Header(string name, string value)
    {
        _message.Content.Headers.Add(new MailHeader(name, value));
        return this;
    }

    /// <summary>Adds the subject.</summary>
    /// <param name="subject">Its text.</param>
    /// <returns>This message.</returns>
    public TestMessage Subject(string subject) => Header("Subject", subject);

    /// <summary>Sets the body.</summary>
    /// <param name="text">Its text; lines end with CR LF when they are sent.</param>
    /// <returns>This message.</returns>
    public TestMessage Body(string text)
    {
        _message.Content.Body = MailContent.WithNetworkLines(WireText.GetBytes(text));
        return this;
    }

    /// <summary>Sets the body to exactly these bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>This message.</returns>
    public TestMessage Body(ReadOnlyMemory<byte> bytes)
    {
        _message.Content.Body = bytes;
        return this;
    }

    /// <summary>Sets a macro of the message; <see langword="null"/> hides one.</summary>
    /// <param name="name">Its name, with or without braces.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This message.</returns>
    public TestMessage Macro(string name, string? value)
    {
        _message.Macros[name] = value;
        return this;
    }

    /// <summary>Sets the queue id; when it is told is the MTA's way.</summary>
    /// <param name="id">The id; <see langword="null"/> for none.</param>
    /// <returns>This message.</returns>
    public TestMessage QueueId(string? id)
    {
        _message.QueueId = id;
        return this;
    }

    /// <summary>Leaves out the header fields that are there by default.</summary>
    /// <returns>This message.</returns>
    public TestMessage WithoutDefaultHeaders()
    {
        _isWhole = true;
        return this;
    }

    internal MailTransaction ToTransaction()
    {
        MailTransaction message = _message.Clone();
        if (message.Recipients.Count + message.RefusedRecipients.Count == 0)
        {
            throw new InvalidOperationException("The message has no recipient, and no MTA takes such a message to its filters: name one with To(\"ann@example.test\").");
        }

        message.Received = new MailHeader("Received", "from client.example.test by mx.example.test;\n\tThu, 1 Jan 2026 00:00:00 +0000");
        if (!_isWhole)
        {
            IList<MailHeader> headers = message.Content.Headers;
            int at = 0;
            AddDefault("From", message.Sender.Address.Length > 0 ? message.Sender.Address : "MAILER-DAEMON@example.test");
            AddDefault("To", message.Recipients.Count > 0 ? string.Join(", ", message.Recipients.Select(path => path.Address)) : "undisclosed-recipients:;");
            AddDefault("Date", "Thu, 1 Jan 2026 00:00:00 +0000");
            AddDefault("Message-ID", "<20260101000000.1@example.test>");

            void AddDefault(string name, string value)
            {
                if (!headers.Any(header => header.Is(name)))
                {
                    headers.Insert(at++, new MailHeader(name, value));
                }
            }
        }

        return message;
    }

    private static TestMessage Of(MailContent content)
    {
        var message = new TestMessage { _isWhole = true };
        message._message.Content = content;
        if (Addresses(content, "From").FirstOrDefault() is { } sender)
        {
            message.Sender(sender.Address);
        }

        // Whom somebody would hand it over for: nobody twice.
        return message.To([.. Addresses(content, "To", "Cc", "Bcc").DistinctBy(path => path.Canonical)]);
    }

    private static IEnumerable<MailPath> Addresses(MailContent content, params string[] fields) =>
        content.Headers.Where(header => fields.Any(header.Is)).SelectMany(header => AddressFields.Read(header.RawValue));
}
