using System.Text;

namespace Milter.Mta.Tests;

/// <summary>Hands a message over as a program on the server's machine: by the <c>sendmail</c> command of Postfix, and by <c>sendmail -bs</c>.</summary>
internal sealed class LocalPlay(MtaServer server, Story story)
{
    public async Task PlayAsync(Move.Message message)
    {
        int before = server.Sink.Messages.Count;
        int logged = server.Log.Length;
        string[] to = [.. message.To.Select(recipient => recipient.Path.Address)];
        if (server is SendmailServer sendmail)
        {
            (await sendmail.ConverseAsync(
                [$"EHLO {PersonalityTests.ClientName}", $"MAIL FROM:{message.From}", .. to.Select(address => $"RCPT TO:<{address}>"), "DATA", $"{message.Content}.", "QUIT"])).Succeeded();
            await server.WaitForDeliveryAsync(delivered => server.Sink.Messages.Skip(before).Contains(delivered));
        }
        else
        {
            byte[] content = Encoding.Latin1.GetBytes(message.Content.Replace("\r\n", "\n", StringComparison.Ordinal));
            (await server.SubmitAsync(message.From.Address, to, content)).Succeeded();
            Assert.True(await Deadline.UntilAsync(() => server.Log[logged..].Contains(": removed", StringComparison.Ordinal)), server.LogTail);
        }

        LivePlay.TellDelivered(server.Sink.Messages.Skip(before), story);
    }
}
