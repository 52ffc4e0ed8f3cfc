using System.Globalization;
using Milter.Client;
using Milter.Protocol;
using Milter.Testing;

namespace Milter.Tool;

/// <summary>A packet in words.</summary>
internal static class FrameText
{
    // What is longer is in the recording.
    private const int Longest = 120;

    /// <summary>Gets the packet's name.</summary>
    public static string Name(RecordedFrame frame) => frame.FromFilter ? WireNames.Of((MilterReply)frame.Code) : WireNames.Of((MilterCommand)frame.Code);

    /// <summary>Gets what is in it. A packet that can't be read is shown as it is, with what is wrong.</summary>
    public static string Detail(RecordedFrame frame)
    {
        if (frame.LeftOut > 0)
        {
            return $"({Counted.Of(frame.LeftOut, "byte")})";
        }

        (string text, string? error) = frame.FromFilter ? OfFilter(frame) : OfMta(frame);
        string shown = Shown.Plain(text);
        shown = shown.Length > Longest ? $"{shown[..Longest]}…" : shown;
        return error is null ? shown : $"{shown} MALFORMED: {error}";
    }

    private static (string Text, string? Error) OfMta(RecordedFrame frame)
    {
        ReadOnlySpan<byte> payload = frame.Payload.Span;
        string? error;
        switch ((MilterCommand)frame.Code)
        {
            case MilterCommand.OptNeg:
                return OptNeg(payload);
            case MilterCommand.Macro:
                return MacroPayload.TryRead(payload, out MacroPayload macros, out error) ? (Macros(macros), null) : (Raw(frame), error);
            case MilterCommand.Connect:
                return ConnectPayload.TryRead(payload, out ConnectPayload connect, out error)
                    ? ($"{Text(connect.HostName)} {connect.Family.ToString().ToLowerInvariant()} {Text(connect.Address)}{(connect.Port > 0 ? $":{connect.Port}" : "")}", null)
                    : (Raw(frame), error);
            case MilterCommand.Mail or MilterCommand.Rcpt:
                return EnvelopePayload.TryRead(payload, out EnvelopePayload envelope, out error)
                    ? (string.Join(' ', [Text(envelope.Address), .. envelope.Arguments.ToStrings()]), null)
                    : (Raw(frame), error);
            case MilterCommand.Header:
                return HeaderPayload.TryRead(payload, out HeaderPayload header, out error) ? ($"{Text(header.Name)}: {Text(header.Value)}", null) : (Raw(frame), error);
            case MilterCommand.Helo or MilterCommand.Unknown:
                return (Text(TextPayload.Read(payload)), null);
            case MilterCommand.Body:
                return ($"({Counted.Of(payload.Length, "byte")})", null);
            default:
                return (Raw(frame), null);
        }
    }

    private static (string Text, string? Error) OfFilter(RecordedFrame frame)
    {
        ReadOnlySpan<byte> payload = frame.Payload.Span;
        var reply = (MilterReply)frame.Code;
        string? error;
        switch (reply)
        {
            case MilterReply.OptNeg:
                return OptNeg(payload);
            case MilterReply.ReplyCode:
                return ReplyCodePayload.TryRead(payload, out ReplyCodePayload words, out error) ? (string.Join(" | ", words.GetLines()), null) : (Raw(frame), error);
            case MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader:
                return HeaderModification.TryRead(reply, payload, out HeaderModification header, out error)
                    ? ($"{(reply == MilterReply.AddHeader ? "" : $"{header.Index} ")}{Text(header.Name)}: {Text(header.Value)}", null)
                    : (Raw(frame), error);
            case MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender:
                return RecipientModification.TryRead(reply, payload, out RecipientModification path, out error) ? ($"{Text(path.Address)} {Text(path.Arguments)}".TrimEnd(), null) : (Raw(frame), error);
            case MilterReply.ReplaceBody:
                return ($"({Counted.Of(payload.Length, "byte")})", null);
            case MilterReply.Quarantine:
                return (Text(TextPayload.Read(payload)), null);
            default:
                return (Raw(frame), null);
        }
    }

    private static (string Text, string? Error) OptNeg(ReadOnlySpan<byte> payload)
    {
        if (!OptNegPayload.TryRead(payload, out OptNegPayload value, out string? error))
        {
            return ("", error);
        }

        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"version {value.Version}, actions 0x{(uint)value.Actions:x} {(value.Actions == MilterActions.All ? "(all)" : Shown.List(WireNames.Of(value.Actions)))}, steps 0x{(uint)value.Steps:x}") };
        return (string.Join("", parts), value.CheckSymbolLists());
    }

    private static string Macros(MacroPayload macros)
    {
        string text = WireNames.Of(macros.Command) + ":";
        foreach (MacroEntry macro in macros)
        {
            text += $" {Text(macro.Name)}={Text(macro.Value)}";
        }

        return text;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => WireText.GetString(bytes);

    private static string Raw(RecordedFrame frame) => frame.Payload.IsEmpty ? "" : WireText.GetString(frame.Payload.Span);
}
