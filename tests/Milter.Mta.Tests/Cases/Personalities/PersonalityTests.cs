using Milter.Client;
using Milter.Testing;

namespace Milter.Mta.Tests;

/// <summary>Protects the personalities: what they tell a filter, say to a client and make of a message is what the real server does, packet for packet.</summary>
/// <remarks>
/// Each case is played to the server, whose packets a proxy records, and to the personality, with the same filter on the same socket. Where they differ, the server is right.
/// </remarks>
public abstract class PersonalityTests(PersonalityFixture fixture, MtaKind kind)
{
    internal const string ClientName = "client.example.org";

    internal static TheoryData<string> CasesOf(MtaKind kind) => [.. PersonalityCases.All.Where(one => one.Only is null || one.Only == kind).Select(one => one.Name)];

    protected async Task CompareAsync(string name)
    {
        PersonalityCase played = PersonalityCases.All.Single(one => one.Name == name);
        MtaServer server = await fixture.GetAsync(kind);
        await using IAsyncDisposable filter = await played.StartFilter(fixture.Back(kind));

        (Story live, int clientPort) = await PlayLiveAsync(server, played);
        Story model = await PlayModelAsync(server, played, clientPort);

        IReadOnlyList<string> difference = UnifiedDiff.Make(live.ToString(), model.ToString());
        Assert.True(difference.Count == 0, $"{kind}, {name}\n--- {kind}\n+++ its personality\n{string.Join('\n', difference)}\n\nAll that {kind} did:\n{live}");
    }

    private async Task<(Story Story, int ClientPort)> PlayLiveAsync(MtaServer server, PersonalityCase played)
    {
        var story = new Story(played.IsLocal);
        string folder = fixture.NewFolder();
        string file = Path.Combine(folder, played.XClient is null ? "session-0001.milter" : "session-0002.milter");
        int port = 0;
        await using (fixture.StartProxy(server.Kind, folder))
        {
            if (played.IsLocal)
            {
                await new LocalPlay(server, story).PlayAsync((Move.Message)played.Moves.Single());
            }
            else
            {
                await using SmtpClientSession session = await server.ConnectAsync();
                port = session.LocalPort;
                await new LivePlay(server, session, story).PlayAsync(played);
            }

            Assert.True(await Deadline.UntilAsync(() => File.Exists(file)), server.LogTail);
        }

        story.Wire(MilterRecording.Load(file));
        return (story, port);
    }

    private async Task<Story> PlayModelAsync(MtaServer server, PersonalityCase played, int clientPort)
    {
        var story = new Story(played.IsLocal);
        var recording = new MilterRecording();
        var options = new MilterClientOptions
        {
            Personality = server.Kind == MtaKind.Postfix ? MtaPersonality.Postfix : MtaPersonality.Sendmail,
            Trace = recording.Add,
        };
        await using MilterConnection milter = await MilterConnection.OpenAsync($"unix:{fixture.Back(server.Kind)}", options);
        try
        {
            await new ModelPlay(server, milter, story).PlayAsync(played, clientPort);
        }
        catch (MilterClientException exception)
        {
            story.Broken(exception.Message);
        }

        story.Wire(recording);
        return story;
    }
}

/// <inheritdoc/>
public sealed class PostfixPersonalityTests(PersonalityFixture fixture) : PersonalityTests(fixture, MtaKind.Postfix), IClassFixture<PersonalityFixture>
{
    public static TheoryData<string> Cases => CasesOf(MtaKind.Postfix);

    [SkippableTheory, MemberData(nameof(Cases))]
    public Task The_personality_does_as_the_server(string name) => CompareAsync(name);
}

/// <inheritdoc/>
public sealed class SendmailPersonalityTests(PersonalityFixture fixture) : PersonalityTests(fixture, MtaKind.Sendmail), IClassFixture<PersonalityFixture>
{
    public static TheoryData<string> Cases => CasesOf(MtaKind.Sendmail);

    [SkippableTheory, MemberData(nameof(Cases))]
    public Task The_personality_does_as_the_server(string name) => CompareAsync(name);
}
