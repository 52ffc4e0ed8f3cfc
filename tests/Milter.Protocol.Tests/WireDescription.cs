using System.Globalization;
using System.Text;

namespace Milter.Protocol.Tests;

/// <summary>Puts a frame into one line of text through the public decoders, so that a table can say what each frame means.</summary>
internal static class WireDescription
{
    public static string Of(Frame frame)
    {
        var text = new StringBuilder().Append((char)frame.Code);
        string? error = frame.Code is (byte)'c' or (byte)'a' or (byte)'d' or (byte)'r' or (byte)'t' or (byte)'s' or (byte)'p'
            ? null
            : Add(text, frame);
        return error is null ? text.ToString() : "error: " + error;
    }

    private static string? Add(StringBuilder text, Frame frame) => frame.Command switch
    {
        MilterCommand.OptNeg => AddOptNeg(text, frame.Payload),
        MilterCommand.Connect => AddConnect(text, frame.Payload),
        MilterCommand.Mail or MilterCommand.Rcpt => AddEnvelope(text, frame.Payload),
        MilterCommand.Header => AddHeader(text, frame.Payload),
        MilterCommand.Macro => AddMacros(text, frame.Payload),
        MilterCommand.Helo or MilterCommand.Unknown => AddText(text, frame.Payload),
        MilterCommand.Body => AddBytes(text, frame.Payload),
        _ => AddReply(text, frame),
    };

    private static string? AddReply(StringBuilder text, Frame frame) => frame.Reply switch
    {
        MilterReply.ReplyCode => AddReplyCode(text, frame.Payload),
        MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader => AddHeaderChange(text, frame),
        MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender =>
            AddEnvelopeChange(text, frame),
        MilterReply.ReplaceBody => AddBytes(text, frame.Payload),
        MilterReply.Quarantine => AddText(text, frame.Payload),
        _ => null,
    };

    private static string? AddOptNeg(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        if (OptNegPayload.TryRead(payload, out OptNegPayload value, out string? error))
        {
            text.Append(CultureInfo.InvariantCulture, $" {value.Version} {(uint)value.Actions:x} {(uint)value.Steps:x}");
            foreach (SymbolListEntry list in value.SymbolLists)
            {
                text.Append(CultureInfo.InvariantCulture, $" [{list.Stage} {Escaped(list.Names)}]");
            }
        }

        return error;
    }

    private static string? AddConnect(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        if (ConnectPayload.TryRead(payload, out ConnectPayload value, out string? error))
        {
            text.Append(CultureInfo.InvariantCulture, $" {Escaped(value.HostName)} {value.Family} {value.Port} {Escaped(value.Address)}");
        }

        return error;
    }

    private static string? AddEnvelope(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        if (EnvelopePayload.TryRead(payload, out EnvelopePayload value, out string? error))
        {
            text.Append(' ').Append(Escaped(value.Address));
            foreach (ReadOnlySpan<byte> argument in value.Arguments)
            {
                text.Append(CultureInfo.InvariantCulture, $" ({Escaped(argument)})");
            }
        }

        return error;
    }

    private static string? AddHeader(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        if (HeaderPayload.TryRead(payload, out HeaderPayload value, out string? error))
        {
            text.Append(CultureInfo.InvariantCulture, $" {Escaped(value.Name)}: {Escaped(value.Value)}");
        }

        return error;
    }

    private static string? AddMacros(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        if (MacroPayload.TryRead(payload, out MacroPayload value, out string? error))
        {
            text.Append(' ').Append((char)value.Command);
            string separator = " ";
            foreach (MacroEntry macro in value)
            {
                text.Append(separator).Append(CultureInfo.InvariantCulture, $"{Escaped(macro.Name)}={Escaped(macro.Value)}");
                separator = "; ";
            }
        }

        return error;
    }

    private static string? AddText(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        if (TextPayload.TryRead(payload, out ReadOnlySpan<byte> value, out string? error))
        {
            text.Append(' ').Append(Escaped(value));
        }

        return error;
    }

    private static string? AddBytes(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        text.Append(' ').Append(Escaped(payload));
        return null;
    }

    private static string? AddReplyCode(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        if (ReplyCodePayload.TryRead(payload, out ReplyCodePayload value, out string? error))
        {
            text.Append(' ').AppendJoin(" / ", value.GetLines());
        }

        return error;
    }

    private static string? AddHeaderChange(StringBuilder text, Frame frame)
    {
        if (HeaderModification.TryRead(frame.Reply, frame.Payload, out HeaderModification value, out string? error))
        {
            text.Append(CultureInfo.InvariantCulture, $" {value.Index} {Escaped(value.Name)}: {Escaped(value.Value)}");
        }

        return error;
    }

    private static string? AddEnvelopeChange(StringBuilder text, Frame frame)
    {
        if (RecipientModification.TryRead(frame.Reply, frame.Payload, out RecipientModification value, out string? error))
        {
            text.Append(' ').Append(Escaped(value.Address)).Append(value.Arguments.IsEmpty ? "" : $" ({Escaped(value.Arguments)})");
        }

        return error;
    }

    private static string Escaped(ReadOnlySpan<byte> bytes) => WireText.GetString(bytes)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal);
}
