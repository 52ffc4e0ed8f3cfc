using System.Net;
using System.Net.Sockets;
using Milter.Testing;

namespace Milter.Tool;

/// <summary>Stands between an MTA and its filter, passes every byte on, and shows what is said.</summary>
internal sealed class TraceProxy(EndPoint upstream, Terminal terminal, RecordingParts keep, string? save, TracePage? page)
{
    private int _lost;

    /// <summary>Gets a value indicating whether a conversation could not be recorded.</summary>
    public bool HasLost => Volatile.Read(ref _lost) > 0;

    /// <summary>Passes one connection on until both ends are closed.</summary>
    public async Task PassAsync(Socket mta, int number, CancellationToken cancellation)
    {
        var recording = new MilterRecording(keep);
        var session = new TracedSession(number, terminal, recording, keep, page is not null);
        using (mta)
        {
            await PassingOn.RunAsync(mta, upstream, session, cancellation);
        }

        if (save is not null)
        {
            string path = number == 1 ? save : Path.Combine(Path.GetDirectoryName(save)!, $"{Path.GetFileNameWithoutExtension(save)}-{number}{Path.GetExtension(save)}");
            Write(path, () => OutputFile.Write("--save", path, recording.ToString()), session);
        }

        if (page is not null)
        {
            Write(page.Path, () => page.Add(number, session.Lines), session);
        }
    }

    /// <summary>A disk that is full by now is told with the conversation that is lost; those that follow are passed on all the same.</summary>
    private void Write(string path, Action write, TracedSession session)
    {
        try
        {
            write();
        }
        catch (ToolException exception)
        {
            Interlocked.Increment(ref _lost);
            session.Complain($"NOT RECORDED in {path}: {exception.InnerException!.Message}");
        }
    }
}
