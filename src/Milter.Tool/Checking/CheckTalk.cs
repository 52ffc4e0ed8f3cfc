using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>The MTA of a case: says what it is told to, right or wrong, and looks closely at what comes back.</summary>
internal sealed class CheckTalk(string endPoint, TimeSpan patience, CancellationToken cancellation) : IAsyncDisposable
{
    private const int MostPacketsAfterQuit = 100;

    private readonly FrameBuffer _output = new();
    private readonly List<Wire> _wires = [];
    private Wire? _wire;

    public ProtocolSteps Steps { get; private set; }

    public MilterActions Actions { get; private set; }

    public uint Version { get; private set; }

    /// <summary>Gets the filter's negotiation.</summary>
    public byte[] Agreement { get; private set; } = [];

    /// <summary>Gets what is sent with the next <see cref="SendAsync"/>.</summary>
    public FrameBuffer Output => _output;

    /// <summary>Makes another MTA that speaks to the same filter.</summary>
    public CheckTalk Another() => new(endPoint, patience, cancellation);

    /// <summary>Opens another connection; what follows is on it.</summary>
    public async Task OpenAsync()
    {
        _wire = await Wire.OpenAsync(endPoint, patience, cancellation);
        _wires.Add(_wire);
    }

    /// <summary>Opens a connection and negotiates.</summary>
    public async Task NegotiateAsync(uint version = MilterLimits.Version, MilterActions actions = MilterActions.All, ProtocolSteps steps = (ProtocolSteps)0x1FFFFF)
    {
        await OpenAsync();
        CommandWriter.OptNeg(_output, version, actions, steps);
        await SendAsync();
        WirePacket answer = await ReadAsync("the negotiation");
        Agree(answer, version, actions, steps);
    }

    /// <summary>Offers less than filters may need: one that needs more closes, which is right and ends the case.</summary>
    public async Task NegotiateLessAsync(uint version, MilterActions actions, ProtocolSteps steps)
    {
        await OpenAsync();
        CommandWriter.OptNeg(_output, version, actions, steps);
        await SendAsync();
        WirePacket answer = await TryReadAsync();
        if (answer.Status == WireStatus.Closed)
        {
            throw new CheckException(CheckOutcome.Passed, "closes the connection: it needs more");
        }

        if (answer.Status != WireStatus.Packet)
        {
            throw Fail("does not answer the negotiation: an MTA would wait");
        }

        Agree(answer, version, actions, steps);
    }

    private void Agree(WirePacket answer, uint version, MilterActions actions, ProtocolSteps steps)
    {
        if (answer.Reply != MilterReply.OptNeg || !OptNegPayload.TryRead(answer.Payload, out OptNegPayload agreed, out string? error))
        {
            throw Fail($"answers the negotiation with {WireNames.Of(answer.Reply)}");
        }

        (Version, Actions, Steps, Agreement) = (agreed.Version, agreed.Actions, agreed.Steps, answer.Payload);
        error = agreed.CheckSymbolLists();
        ProtocolSteps known = steps == 0 ? (ProtocolSteps)0x3F : steps;
        MilterActions offered = actions == 0 ? (MilterActions)0x0F : actions;
        if (error is not null || Version > version || Version < MilterLimits.MinVersion || (Actions & ~offered) != 0 || (Steps & ~known) != 0)
        {
            throw Fail(error ?? $"agrees on what was not offered: {string.Join(", ", (string[])[$"version {Version}", .. WireNames.Unoffered(Actions & ~offered, Steps & ~known)])}");
        }
    }

    /// <summary>Sends what is in <see cref="Output"/>.</summary>
    public async Task SendAsync(int chunk = int.MaxValue)
    {
        byte[] bytes = _output.WrittenSpan.ToArray();
        _output.Clear();
        for (int start = 0; start < bytes.Length; start += Math.Min(chunk, bytes.Length))
        {
            await _wire!.TrySendAsync(bytes.AsMemory(start, Math.Min(chunk, bytes.Length - start)), cancellation);
        }
    }

    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => _wire!.TrySendAsync(bytes, cancellation);

    /// <summary>Hangs up.</summary>
    public ValueTask HangUpAsync() => _wire!.DisposeAsync();

    public bool IsSent(MilterCommand command) => (Steps & StepTable.Of(command).NotWanted) == 0 && Version >= StepTable.Of(command).MinVersion;

    public bool IsAnswered(MilterCommand command) => IsSent(command) && (Steps & StepTable.Of(command).NoReply) == 0;

    /// <summary>Tells a step as an MTA does: not at all where it is not wanted, and with a wait where a reply is owed.</summary>
    public async Task<MilterReply> StepAsync(MilterCommand command, Action<FrameBuffer> write)
    {
        if (!IsSent(command))
        {
            return MilterReply.Continue;
        }

        write(_output);
        if (!IsAnswered(command))
        {
            return MilterReply.Continue;
        }

        await SendAsync();
        return (await VerdictAsync(command)).Verdict;
    }

    /// <summary>Takes the answer to a command, and holds it against the rules.</summary>
    public async Task<(MilterReply Verdict, IReadOnlyList<string> Modifications)> VerdictAsync(MilterCommand command)
    {
        var modifications = new List<string>();
        while (true)
        {
            WirePacket packet = await ReadAsync(WireNames.Of(command));
            MilterReply reply = packet.Reply;
            if (reply == MilterReply.Progress || ModificationReader.IsModification(reply))
            {
                if (command != MilterCommand.EndOfMessage)
                {
                    throw Fail($"sends {WireNames.Of(reply)} at {WireNames.Of(command)}; it belongs to the end of a message");
                }

                if (ModificationReader.IsModification(reply))
                {
                    CheckModification(packet);
                    modifications.Add($"{WireNames.Of(reply)} {Convert.ToHexString(packet.Payload)}");
                }

                continue;
            }

            CheckVerdict(command, packet);
            return (reply, modifications);
        }
    }

    /// <summary>Reads a packet, or fails because there is none.</summary>
    public async Task<WirePacket> ReadAsync(string what)
    {
        WirePacket packet = await TryReadAsync();
        return packet.Status switch
        {
            WireStatus.Packet => packet,
            WireStatus.Closed => throw Fail($"closes the connection at {what}"),
            WireStatus.Silent => throw Fail($"does not answer {what}: an MTA would wait"),
            _ => throw Fail($"sends what is no packet at {what}"),
        };
    }

    public Task<WirePacket> TryReadAsync() => _wire!.ReadAsync(cancellation);

    /// <summary>Waits until the filter closes, whatever it says before; how it takes QUIT is a case of its own.</summary>
    /// <returns>Whether it said something.</returns>
    public async Task<bool> DrainAsync(string after)
    {
        for (int count = 0; count < MostPacketsAfterQuit; count++)
        {
            WirePacket packet = await TryReadAsync();
            if (packet.Status != WireStatus.Packet)
            {
                return packet.Status == WireStatus.Closed ? count > 0 : throw Fail($"leaves the connection open after {after}");
            }
        }

        throw Fail($"does not stop talking after {after}");
    }

    public static CheckException Fail(string found) => new(CheckOutcome.Failed, found);

    public static CheckException Warn(string found) => new(CheckOutcome.Warned, found);

    public static CheckException Skip(string found) => new(CheckOutcome.NotApplicable, found);

    public async ValueTask DisposeAsync()
    {
        foreach (Wire wire in _wires)
        {
            await wire.DisposeAsync();
        }

        _output.Dispose();
    }

    private void CheckModification(WirePacket packet)
    {
        MilterModification? read = ModificationReader.Read(new FilterPacket(packet.Reply, packet.Payload), keepsLeadingSpace: false, out string? error);
        if (read is null)
        {
            throw Fail($"sends {WireNames.Of(packet.Reply)} that can't be read: {error}");
        }

        if ((Actions & ModificationReader.Needed(packet.Reply)) == 0)
        {
            throw Fail($"sends {WireNames.Of(packet.Reply)} without having negotiated {Shown.List(WireNames.Of(ModificationReader.Needed(packet.Reply)))}");
        }
    }

    private void CheckVerdict(MilterCommand command, WirePacket packet)
    {
        MilterReply reply = packet.Reply;
        bool isVerdict = reply is MilterReply.Continue or MilterReply.Accept or MilterReply.Discard or MilterReply.Reject or MilterReply.TempFail or MilterReply.Skip or MilterReply.ReplyCode;
        string? wrong = !isVerdict ? $"sends {WireNames.Of(reply)}, which is no verdict, at {WireNames.Of(command)}"
            : reply == MilterReply.Skip && (command != MilterCommand.Body || (Steps & ProtocolSteps.Skip) == 0) ? $"sends SKIP at {WireNames.Of(command)}{(command == MilterCommand.Body ? " without having negotiated it" : ": Sendmail turns the filter off")}"
            : command == MilterCommand.Unknown && reply is MilterReply.Accept or MilterReply.Discard ? $"sends {WireNames.Of(reply)} at UNKNOWN: Postfix's smtpd panics"
            : reply == MilterReply.ReplyCode && !ReplyCodePayload.TryRead(packet.Payload, out _, out string? error) ? $"sends a reply text that MTAs refuse: {error}"
            : null;
        if (wrong is not null)
        {
            throw Fail(wrong);
        }
    }
}
