using Milter.Protocol;

namespace Milter.Testing;

/// <summary>Takes out of a packet what a recording is not to keep, and leaves its shape.</summary>
internal static class Redaction
{
    private static readonly byte[] s_client = [.. "client.invalid\0"u8, (byte)ClientFamily.IPv4, 0, 0, .. "192.0.2.1\0"u8];

    public static RecordedFrame Apply(bool fromFilter, byte code, ReadOnlySpan<byte> payload, RecordingParts keep)
    {
        RecordingParts part = PartOf(fromFilter, code);
        if (part == 0 || (keep & part) != 0)
        {
            return new RecordedFrame(fromFilter, code, payload.ToArray());
        }

        if (part == RecordingParts.Body)
        {
            return new RecordedFrame(fromFilter, code, default, payload.Length);
        }

        byte[] masked = payload.ToArray();
        switch (code)
        {
            case (byte)MilterCommand.Connect when !fromFilter:
                masked = s_client;
                break;
            case (byte)MilterCommand.Macro when !fromFilter:
                MaskMacros(masked);
                break;
            case (byte)MilterReply.InsertHeader or (byte)MilterReply.ChangeHeader when fromFilter:
                MaskAfterName(masked.AsSpan(Math.Min(4, masked.Length)));
                break;
            case (byte)MilterCommand.Header or (byte)MilterReply.AddHeader:
                MaskAfterName(masked);
                break;
            default:
                Mask(masked);
                break;
        }

        return new RecordedFrame(fromFilter, code, masked);
    }

    private static RecordingParts PartOf(bool fromFilter, byte code) => (fromFilter, code) switch
    {
        (false, (byte)MilterCommand.Body) or (true, (byte)MilterReply.ReplaceBody) => RecordingParts.Body,
        (false, (byte)MilterCommand.Header) => RecordingParts.HeaderValues,
        (true, (byte)MilterReply.AddHeader or (byte)MilterReply.InsertHeader or (byte)MilterReply.ChangeHeader) => RecordingParts.HeaderValues,
        (false, (byte)MilterCommand.Connect or (byte)MilterCommand.Helo or (byte)MilterCommand.Mail or (byte)MilterCommand.Rcpt or (byte)MilterCommand.Macro or (byte)MilterCommand.Unknown) => RecordingParts.Envelope,
        (true, (byte)MilterReply.AddRecipient or (byte)MilterReply.AddRecipientWithArguments or (byte)MilterReply.DeleteRecipient or (byte)MilterReply.ChangeSender) => RecordingParts.Envelope,
        _ => RecordingParts.None,
    };

    private static void MaskAfterName(Span<byte> fields)
    {
        int nul = fields.IndexOf((byte)0);
        Mask(fields[(nul + 1)..]);
    }

    private static void MaskMacros(Span<byte> payload)
    {
        Span<byte> rest = payload.IsEmpty ? payload : payload[1..];
        while (!rest.IsEmpty)
        {
            int nameEnd = rest.IndexOf((byte)0);
            Span<byte> name = nameEnd < 0 ? rest : rest[..nameEnd];
            rest = nameEnd < 0 ? default : rest[(nameEnd + 1)..];
            int end = rest.IndexOf((byte)0);
            Span<byte> value = end < 0 ? rest : rest[..end];
            bool tellsPeople = name is not [(byte)'i' or (byte)'j' or (byte)'v'] && !name.StartsWith("{tls"u8) && !name.StartsWith("{cipher"u8) && !name.EndsWith("_mailer}"u8);
            if (tellsPeople)
            {
                Mask(value);
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    private static void Mask(Span<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = text[i] switch
            {
                >= (byte)'0' and <= (byte)'9' => (byte)'0',
                (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or >= 0x80 => (byte)'x',
                var other => other,
            };
        }
    }
}
