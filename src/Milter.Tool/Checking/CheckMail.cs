using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>Sessions and messages of the cases.</summary>
internal static class CheckMail
{
    public static async Task ConnectAsync(this CheckTalk talk)
    {
        await talk.StepAsync(MilterCommand.Connect, output => CommandWriter.Connect(output, "client.example.test", ClientFamily.IPv4, 43826, "192.0.2.7"));
        await talk.HeloAsync();
    }

    public static Task<MilterReply> HeloAsync(this CheckTalk talk) => talk.StepAsync(MilterCommand.Helo, output => CommandWriter.Helo(output, "client.example.test"));

    public static Task<MilterReply> MailAsync(this CheckTalk talk, string sender = "<joe@example.test>") => talk.StepAsync(MilterCommand.Mail, output =>
    {
        CommandWriter.Macros(output, MilterCommand.Mail, [new("i", "4Xk2P6hRbz1Fm"), new("{mail_addr}", "joe@example.test")]);
        CommandWriter.Mail(output, sender, "SIZE=1000");
    });

    public static Task<MilterReply> RcptAsync(this CheckTalk talk, string recipient = "<ann@example.net>") => talk.StepAsync(MilterCommand.Rcpt, output => CommandWriter.Rcpt(output, recipient));

    /// <summary>Tells a message from MAIL to its end, as far as the filter lets it.</summary>
    /// <returns>The verdict, where it was given, and the modifications.</returns>
    public static async Task<string> MessageAsync(this CheckTalk talk, (string Name, string Value)[]? headers = null, byte[]? body = null, string sender = "<joe@example.test>", int recipients = 1)
    {
        if (await talk.MailAsync(sender) is var mail && Ends(mail))
        {
            return $"{WireNames.Of(mail)} at MAIL";
        }

        int refused = 0;
        for (int i = 0; i < recipients; i++)
        {
            MilterReply rcpt = await talk.RcptAsync(i == 0 ? "<ann@example.net>" : $"<ann{i}@example.net>");
            if (rcpt is MilterReply.Accept or MilterReply.Discard)
            {
                return $"{WireNames.Of(rcpt)} at RCPT";
            }

            refused += Ends(rcpt) ? 1 : 0;
        }

        if (refused == recipients || (await talk.StepAsync(MilterCommand.Data, CommandWriter.Data) is var data && Ends(data)))
        {
            CommandWriter.Abort(talk.Output);
            return "refused before the content";
        }

        return await talk.ContentAsync(headers ?? [("From", "joe@example.test"), ("Subject", "A message of milter check")], body ?? "Hello\r\n"u8.ToArray());
    }

    private static async Task<string> ContentAsync(this CheckTalk talk, (string Name, string Value)[] headers, byte[] body)
    {
        foreach ((string name, string value) in headers)
        {
            if (await talk.StepAsync(MilterCommand.Header, output => CommandWriter.Header(output, name, value)) is var header && Ends(header))
            {
                return $"{WireNames.Of(header)} at HEADER";
            }
        }

        if (await talk.StepAsync(MilterCommand.EndOfHeaders, CommandWriter.EndOfHeaders) is var eoh && Ends(eoh))
        {
            return $"{WireNames.Of(eoh)} at EOH";
        }

        for (int start = 0; start < body.Length; start += MilterLimits.MaxPayload)
        {
            ReadOnlyMemory<byte> chunk = body.AsMemory(start, Math.Min(MilterLimits.MaxPayload, body.Length - start));
            MilterReply reply = await talk.StepAsync(MilterCommand.Body, output => CommandWriter.Body(output, chunk.Span));
            if (reply == MilterReply.Skip)
            {
                break;
            }

            if (Ends(reply))
            {
                return $"{WireNames.Of(reply)} at BODY";
            }
        }

        CommandWriter.EndOfMessage(talk.Output);
        await talk.SendAsync();
        (MilterReply verdict, IReadOnlyList<string> modifications) = await talk.VerdictAsync(MilterCommand.EndOfMessage);
        return string.Join(", ", [WireNames.Of(verdict), .. modifications]);
    }

    /// <summary>QUIT, after which the filter closes.</summary>
    public static async Task QuitAsync(this CheckTalk talk)
    {
        CommandWriter.Quit(talk.Output);
        await talk.SendAsync();
        await talk.DrainAsync("QUIT");
    }

    public static bool Ends(MilterReply reply) => reply is not (MilterReply.Continue or MilterReply.Skip);
}
