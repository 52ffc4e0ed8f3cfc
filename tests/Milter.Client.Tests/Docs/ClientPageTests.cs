using Milter.Tests;

namespace Milter.Client.Tests.Docs;

/// <summary>docs/client.md shows code that is compiled, and that does what the page says.</summary>
public sealed class ClientPageTests
{
    [Fact]
    public void The_code_of_the_page_is_compiled() => new DocumentationPage("docs/client.md").CheckCode();

    [Fact]
    public async Task The_examples_work()
    {
        await using MilterServer server = await MilterServer.StartAsync<Labelling>("inet:0@127.0.0.1");
        string endPoint = server.EndPoint.ToString();

        Assert.Equal("6 bytes 4Xk2P6hRbz1Fm", (await ClientExamples.WholeMessageAsync(endPoint)).Result.Content["X-Label"]);
        Assert.Equal("6 bytes Q2", (await ClientExamples.StepByStepAsync(endPoint, Mail.Session(), new MailTransaction { Sender = "a@x.test", QueueId = "Q2" })).Result.Content["X-Label"]);
        await using MilterClient client = ClientExamples.AsSendmail(endPoint);
        Assert.Equal(250, (await ClientExamples.PolicyAsync(client, Mail.Session(), Mail.Message())).Code);
        await using MilterClient nobody = new("unix:/nonexistent/filter.sock");
        Assert.Equal(451, (await ClientExamples.PolicyAsync(nobody, Mail.Session(), Mail.Message())).Code);
    }
}
