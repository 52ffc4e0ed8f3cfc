namespace Milter.Samples.Probe;

/// <summary>What the probe has seen of a message, and what the message has told it to do.</summary>
internal sealed class ProbeMessage : IResettable
{
    public string? From { get; private set; }

    /// <summary>The ESMTP arguments of MAIL as they were sent.</summary>
    public IReadOnlyList<string> FromArguments { get; private set; } = [];

    public List<string> Recipients { get; } = [];

    public List<string> Actions { get; } = [];

    public string? AtData { get; private set; }

    public string? AtEndOfHeaders { get; private set; }

    public string? AtBody { get; private set; }

    public string? AtEndOfMessage { get; private set; }

    public long Headers { get; private set; }

    public long Body { get; set; }

    public uint Crc { get; set; }

    public void Begin(EnvelopeAddress from)
    {
        Reset();
        From = from.Raw;
        FromArguments = from.Arguments.Count == 0 ? [] : from.Arguments.ToString().Split(' ');
        AtData = FromArguments.LastOrDefault(argument => argument.StartsWith("XDATA=", StringComparison.Ordinal))?["XDATA=".Length..];
    }

    /// <summary>Keeps what a header says.</summary>
    /// <returns>The verdict word that it has for itself, or <see langword="null"/>.</returns>
    public string? Take(HeaderField field)
    {
        Headers++;
        bool isAction = field.Is("X-Probe-Do");
        if (!isAction && !field.Is("X-Probe-Verdict"))
        {
            return null;
        }

        string value = field.ValueText.Trim(' ', '\t');
        if (isAction)
        {
            Actions.Add(value);
            return null;
        }

        int equals = value.IndexOf('=', StringComparison.Ordinal);
        string word = value[(equals + 1)..];
        switch (equals < 0 ? "" : value[..equals])
        {
            case "header":
                return word;
            case "eoh":
                AtEndOfHeaders = word;
                break;
            case "body":
                AtBody = word;
                break;
            case "eom":
                AtEndOfMessage = word;
                break;
        }

        return null;
    }

    public void Reset()
    {
        From = null;
        FromArguments = [];
        Recipients.Clear();
        Actions.Clear();
        AtData = null;
        AtEndOfHeaders = null;
        AtBody = null;
        AtEndOfMessage = null;
        Headers = 0;
        Body = 0;
        Crc = 0;
    }
}
