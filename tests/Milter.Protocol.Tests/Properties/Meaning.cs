using System.Globalization;

namespace Milter.Protocol.Tests.Properties;

/// <summary>Says what is in a frame so that two frames that differ are never told alike: texts in hexadecimal.</summary>
internal static class Meaning
{
    public static string Of(char code, params ReadOnlySpan<object> parts)
    {
        string text = code.ToString();
        foreach (object part in parts)
        {
            text += " " + part switch
            {
                byte[] bytes => $"<{Convert.ToHexString(bytes)}>",
                string characters => $"<{Convert.ToHexString(WireText.GetBytes(characters))}>",
                IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                _ => part.ToString(),
            };
        }

        return text;
    }

    /// <summary>Reads a frame through the public readers.</summary>
    /// <returns>What is in it, or the reader's complaint.</returns>
    public static string Read(Frame frame)
    {
        var parts = new List<object>();
        string? error = frame.Command switch
        {
            MilterCommand.OptNeg => Negotiation(frame.Payload, parts),
            MilterCommand.Macro => Macros(frame.Payload, parts),
            MilterCommand.Connect => Connect(frame.Payload, parts),
            MilterCommand.Helo or MilterCommand.Unknown => Text(frame.Payload, parts),
            MilterCommand.Mail or MilterCommand.Rcpt => Envelope(frame.Payload, parts),
            MilterCommand.Header => Header(frame.Payload, parts),
            MilterCommand.Body => Raw(frame.Payload, parts),
            _ => frame.Reply switch
            {
                MilterReply.ReplyCode => ReplyCode(frame.Payload, parts),
                MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader => HeaderChange(frame, parts),
                MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender => EnvelopeChange(frame, parts),
                MilterReply.ReplaceBody => Raw(frame.Payload, parts),
                MilterReply.Quarantine => Text(frame.Payload, parts),
                _ => null,
            },
        };
        return error is null ? Of((char)frame.Code, [.. parts]) : "error: " + error;
    }

    private static string? Negotiation(ReadOnlySpan<byte> payload, List<object> parts)
    {
        if (!OptNegPayload.TryRead(payload, out OptNegPayload value, out string? error))
        {
            return error;
        }

        parts.AddRange([value.Version, (uint)value.Actions, (uint)value.Steps]);
        foreach (SymbolListEntry list in value.SymbolLists)
        {
            parts.AddRange([list.Stage, list.Names.ToArray()]);
        }

        return value.CheckSymbolLists();
    }

    private static string? Macros(ReadOnlySpan<byte> payload, List<object> parts)
    {
        if (MacroPayload.TryRead(payload, out MacroPayload value, out string? error))
        {
            parts.Add((char)value.Command);
            foreach (MacroEntry macro in value)
            {
                parts.AddRange([macro.Name.ToArray(), macro.Value.ToArray()]);
            }
        }

        return error;
    }

    private static string? Connect(ReadOnlySpan<byte> payload, List<object> parts)
    {
        if (ConnectPayload.TryRead(payload, out ConnectPayload value, out string? error))
        {
            Assert.True(value.Address.EndsWith(value.PlainAddress));
            parts.AddRange([value.HostName.ToArray(), value.Family, value.Port, value.Address.ToArray()]);
        }

        return error;
    }

    private static string? Text(ReadOnlySpan<byte> payload, List<object> parts)
    {
        bool isRead = TextPayload.TryRead(payload, out ReadOnlySpan<byte> text, out string? error);
        Assert.Equal(isRead, error is null);
        Assert.True(text == TextPayload.Read(payload));
        parts.Add(text.ToArray());
        return error;
    }

    private static string? Envelope(ReadOnlySpan<byte> payload, List<object> parts)
    {
        if (EnvelopePayload.TryRead(payload, out EnvelopePayload value, out string? error))
        {
            parts.Add(value.Address.ToArray());
            foreach (ReadOnlySpan<byte> argument in value.Arguments)
            {
                parts.Add(argument.ToArray());
            }

            Assert.Equal(parts.Count - 1, value.Arguments.Count());
            Assert.Equal(parts.Count - 1, value.Arguments.ToStrings().Length);
        }

        return error;
    }

    private static string? Header(ReadOnlySpan<byte> payload, List<object> parts)
    {
        if (HeaderPayload.TryRead(payload, out HeaderPayload value, out string? error))
        {
            parts.AddRange([value.Name.ToArray(), value.Value.ToArray()]);
        }

        return error;
    }

    private static string? Raw(ReadOnlySpan<byte> payload, List<object> parts)
    {
        parts.Add(payload.ToArray());
        return null;
    }

    private static string? ReplyCode(ReadOnlySpan<byte> payload, List<object> parts)
    {
        if (ReplyCodePayload.TryRead(payload, out ReplyCodePayload value, out string? error))
        {
            Assert.InRange(value.Code, 400, 599);
            Assert.NotEmpty(value.GetLines());
            parts.AddRange([value.Code, value.EnhancedCode.ToArray(), .. value.GetTexts().Select(WireText.GetBytes)]);
        }

        return error;
    }

    private static string? HeaderChange(Frame frame, List<object> parts)
    {
        if (HeaderModification.TryRead(frame.Reply, frame.Payload, out HeaderModification value, out string? error))
        {
            Assert.Equal(frame.Reply, value.Reply);
            parts.AddRange([value.Index, value.Name.ToArray(), value.Value.ToArray()]);
        }

        return error;
    }

    private static string? EnvelopeChange(Frame frame, List<object> parts)
    {
        if (RecipientModification.TryRead(frame.Reply, frame.Payload, out RecipientModification value, out string? error))
        {
            Assert.Equal(frame.Reply, value.Reply);
            parts.Add(value.Address.ToArray());
            if (!value.Arguments.IsEmpty)
            {
                parts.Add(value.Arguments.ToArray());
            }
        }

        return error;
    }
}
