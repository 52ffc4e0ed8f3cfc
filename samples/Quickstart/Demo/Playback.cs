namespace Quickstart.Demo;

/// <summary>How the MTA treated a step.</summary>
internal enum StepTreatment
{
    /// <summary>The filter had it left out.</summary>
    NotSent,

    /// <summary>Sent, and the MTA went on at once.</summary>
    NoReply,

    /// <summary>Sent, and the MTA waited for a verdict.</summary>
    Replied,
}

/// <summary>One step of a session, or several alike.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Detail">What was sent, in short.</param>
/// <param name="Treatment">How the MTA treated it.</param>
/// <param name="Verdict">What the filter said, if it was asked.</param>
internal sealed record PlayedStep(string Name, string Detail, StepTreatment Treatment, string? Verdict)
{
    /// <summary>How many steps this stands for.</summary>
    public int Count { get; set; } = 1;
}

/// <summary>What became of a message.</summary>
internal enum Fate
{
    /// <summary>Delivered, perhaps changed.</summary>
    Delivered,

    /// <summary>Refused with a 5xx.</summary>
    Rejected,

    /// <summary>Refused with a 4xx.</summary>
    Deferred,

    /// <summary>Taken and dropped.</summary>
    Discarded,
}

/// <summary>A session as it went.</summary>
/// <param name="Letter">What was sent.</param>
/// <param name="Agreement">What was negotiated.</param>
internal sealed record Playback(Letter Letter, Agreement Agreement)
{
    /// <summary>What the client of a message that passes is told.</summary>
    public const string Queued = "250 2.0.0 Ok: queued";

    /// <summary>The steps in their order, repeated ones joined.</summary>
    public List<PlayedStep> Steps { get; } = [];

    /// <summary>How many steps there were: the waits of a filter that waives nothing.</summary>
    public int StepCount => Steps.Sum(step => step.Count);

    /// <summary>How many times the MTA waited for the filter.</summary>
    public int Waits => Steps.Where(step => step.Treatment == StepTreatment.Replied).Sum(step => step.Count);

    /// <summary>How many modifications there were.</summary>
    public int Changes { get; set; }

    /// <summary>What became of the message.</summary>
    public Fate Fate { get; set; } = Fate.Delivered;

    /// <summary>What the SMTP client is told: the filter's words, or the MTA's own.</summary>
    public string SmtpReply { get; set; } = Queued;

    /// <summary>The message after the filter.</summary>
    public MailMessage After { get; } = Letter.Message.Clone();

    /// <summary>Adds a step; one like the last is counted there.</summary>
    public void Add(PlayedStep step)
    {
        if (Steps.Count > 0 && Steps[^1] is var last && last.Name == step.Name && last.Treatment == step.Treatment && last.Verdict == step.Verdict)
        {
            last.Count++;
            return;
        }

        Steps.Add(step);
    }
}
