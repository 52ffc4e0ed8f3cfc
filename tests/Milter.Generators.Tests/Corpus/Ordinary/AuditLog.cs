using System;
using System.Collections.Generic;
using System.IO;
using Milter;

namespace Ordinary.AuditLog;

[Milter]
public sealed partial class Filter(TimeProvider time, TextWriter log)
{
    [PerMessage]
    private readonly List<string> _recipients = [];

    [PerMessage]
    private string? _sender;

    [OnMail]
    private void From(EnvelopeAddress sender) => _sender = sender.Address;

    [OnRcpt]
    private void To(EnvelopeAddress recipient) => _recipients.Add(recipient.Address);

    [OnMessageEnd]
    private void Done(MessageOutcome outcome, MilterContext context) =>
        log.WriteLine($"{time.GetUtcNow():O} {context.QueueId} {_sender} {string.Join(',', _recipients)} {outcome}");
}
