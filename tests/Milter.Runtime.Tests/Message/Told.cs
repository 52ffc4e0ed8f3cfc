using System.Text;
using Milter.Limits;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Objects of the message room, filled as the session fills them.</summary>
internal static class Told
{
    public static MilterOptions Options { get; } = new();

    public static ConnectInfo Connect(string host, char family, int port = 0, string address = "")
    {
        byte[] payload = [.. Encoding.UTF8.GetBytes(host), 0, (byte)family];
        if (family != 'U')
        {
            payload = [.. payload, (byte)(port >> 8), (byte)port, .. Encoding.UTF8.GetBytes(address), 0];
        }

        Assert.True(ConnectPayload.TryRead(payload, out ConnectPayload read, out string? error), error);
        var info = new ConnectInfo();
        info.Set(read);
        return info;
    }

    /// <summary>MAIL's or RCPT's payload: address and arguments, each with its NUL.</summary>
    public static byte[] Payload(string address, params string[] arguments) => WireText.GetBytes(string.Join('\0', [address, .. arguments]) + "\0");

    public static EnvelopeAddress Address(string address, params string[] arguments)
    {
        var told = new EnvelopeAddress();
        told.Set(Payload(address, arguments));
        return told;
    }

    /// <summary>A filter that collects the named header fields.</summary>
    public static MilterDescriptor Descriptor(params string[] headers) =>
        new() { ContractVersion = MilterDescriptor.CurrentContractVersion, Name = "Test", CollectedHeaders = headers };

    public static MessageState Message(params string[] fields)
    {
        var message = new MessageState(Descriptor(), Options, new ProcessLimits(Options));
        message.Begin();
        foreach (string field in fields)
        {
            int colon = field.IndexOf(": ", StringComparison.Ordinal);
            message.Headers.Add(WireText.GetBytes(field[..colon]), WireText.GetBytes(field[(colon + 2)..]), namesOnly: false);
        }

        return message;
    }

    public static MessageState WithEnvelope(this MessageState message, byte[] sender, params string[] recipients)
    {
        message.Envelope.SetSender(sender);
        foreach (string recipient in recipients)
        {
            message.Envelope.AddRecipient(Payload(recipient));
        }

        return message;
    }
}
