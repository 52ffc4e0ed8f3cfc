using Milter.Protocol;

namespace Milter.Runtime.Tests.Session.Properties;

/// <summary>Hears a conversation as an MTA does, and knows which replies are owed and how many messages have begun and ended. Written from docs/protocol.md and docs/design.md, not from the session.</summary>
internal sealed class Judge
{
    private static readonly Dictionary<char, ProtocolSteps> s_steps = new()
    {
        ['C'] = ProtocolSteps.NoReplyConnect,
        ['H'] = ProtocolSteps.NoReplyHelo,
        ['M'] = ProtocolSteps.NoReplyMail,
        ['R'] = ProtocolSteps.NoReplyRcpt,
        ['T'] = ProtocolSteps.NoReplyData,
        ['L'] = ProtocolSteps.NoReplyHeader,
        ['N'] = ProtocolSteps.NoReplyEndOfHeaders,
        ['B'] = ProtocolSteps.NoReplyBody,
        ['E'] = ProtocolSteps.None,
        ['U'] = ProtocolSteps.NoReplyUnknown,
    };

    private ProtocolSteps? _agreed;
    private Phase _phase;

    private enum Phase
    {
        None,
        Open,
        RefusedAtData,
        Over,
    }

    public int Begun { get; private set; }

    public int Ended { get; private set; }

    /// <summary>Gets whether the conversation is over: nothing that comes now is answered.</summary>
    public bool IsClosed { get; private set; }

    private bool IsOpen => _phase is Phase.Open or Phase.RefusedAtData;

    /// <summary>Hears a command, and takes the replies to it off the queue.</summary>
    public void Hear(byte[] bytes, Queue<(char Code, byte[] Payload)> replies)
    {
        if (IsClosed)
        {
            return;
        }

        FrameStatus status = FrameReader.TryRead(bytes, MilterLimits.MaxPayload, out Frame frame, out _);
        if (status != FrameStatus.Complete || (_agreed is null && frame.Code != 'O'))
        {
            IsClosed = status != FrameStatus.Incomplete;
            return;
        }

        char code = (char)frame.Code;
        switch (code)
        {
            case 'O':
                Negotiate(frame.Payload, replies);
                break;
            case 'D':
                IsClosed = frame.Payload.IsEmpty;
                if (!IsClosed && frame.Payload[0] == 'M')
                {
                    End();
                }

                break;
            case 'A':
                End();
                break;
            case 'K':
                End();
                break;
            case 'Q':
                IsClosed = true;
                break;
            default:
                Step(code, frame.Payload, replies);
                break;
        }
    }

    /// <summary>Hears that the connection has ended.</summary>
    public void HangUp()
    {
        IsClosed = true;
        End();
    }

    private void Negotiate(ReadOnlySpan<byte> payload, Queue<(char Code, byte[] Payload)> replies)
    {
        if (!OptNegPayload.TryRead(payload, out OptNegPayload offer, out _) || offer.Version < 2)
        {
            IsClosed = true;
            return;
        }

        End();
        (char code, byte[] answer) = Next('O', replies);
        Assert.Equal('O', code);
        Assert.True(OptNegPayload.TryRead(answer, out OptNegPayload agreed, out string? error), error);
        Assert.Null(agreed.CheckSymbolLists());
        ProtocolSteps offered = offer.Steps == 0 ? (ProtocolSteps)0x3F : offer.Steps;
        Assert.Equal(ProtocolSteps.None, agreed.Steps & ~offered);
        Assert.Equal(MilterActions.None, agreed.Actions & ~(offer.Actions == 0 ? (MilterActions)0x0F : offer.Actions));
        _agreed = agreed.Steps;
    }

    private void Step(char code, ReadOnlySpan<byte> payload, Queue<(char Code, byte[] Payload)> replies)
    {
        if (!s_steps.TryGetValue(code, out ProtocolSteps waive))
        {
            IsClosed = true;
            return;
        }

        Cross(code);
        if (!IsWellFormed(code, payload))
        {
            IsClosed = true;
            return;
        }

        if ((_agreed & waive) != 0)
        {
            return;
        }

        (char reply, _) = Next(code, replies);
        while (code == 'E' && "+-2ehimbqp".Contains(reply))
        {
            (reply, _) = Next(code, replies);
        }

        string legal = code switch
        {
            'U' => "crty",
            'C' or 'H' => "carty",
            'B' when (_agreed & ProtocolSteps.Skip) != 0 => "cadrtys",
            _ => "cadrty",
        };
        Assert.True(legal.Contains(reply), $"{code} was answered with {reply}.");
        if ("CHU".Contains(code))
        {
            return;
        }

        Apply(code, reply);
    }

    // What a step ends or begins before it is looked at.
    private void Cross(char code)
    {
        if ("MCH".Contains(code) && IsOpen)
        {
            End();
        }

        if (code == 'M' || (_phase == Phase.None && !"CHU".Contains(code)))
        {
            Begun++;
            _phase = Phase.Open;
        }
        else if (code == 'R' && _phase == Phase.RefusedAtData)
        {
            _phase = Phase.Open;
        }
    }

    // What the reply that was sent ends.
    private void Apply(char code, char reply)
    {
        bool refuses = "rty".Contains(reply);
        bool ends = code switch
        {
            'E' => true,
            'R' => "ad".Contains(reply),
            'B' => !"cs".Contains(reply),
            _ => reply != 'c',
        };
        if (!ends || !IsOpen)
        {
            return;
        }

        if (code == 'T' && refuses)
        {
            _phase = Phase.RefusedAtData;
            return;
        }

        bool wasOpen = _phase == Phase.Open;
        End();

        // Where MAIL is not sent, nothing would tell the next message from the rest of this one.
        _phase = (code == 'E' && wasOpen) || (_agreed & ProtocolSteps.NoMail) != 0 ? Phase.None : Phase.Over;
    }

    private void End()
    {
        if (IsOpen)
        {
            Ended++;
        }

        _phase = Phase.None;
    }

    private static bool IsWellFormed(char code, ReadOnlySpan<byte> payload) => code switch
    {
        'C' => ConnectPayload.TryRead(payload, out _, out _),
        'M' or 'R' => EnvelopePayload.TryRead(payload, out _, out _),
        'L' => HeaderPayload.TryRead(payload, out _, out _),
        _ => true,
    };

    private static (char Code, byte[] Payload) Next(char command, Queue<(char Code, byte[] Payload)> replies)
    {
        Assert.True(replies.TryDequeue(out (char Code, byte[] Payload) reply), $"{command} was not answered.");
        return reply;
    }
}
