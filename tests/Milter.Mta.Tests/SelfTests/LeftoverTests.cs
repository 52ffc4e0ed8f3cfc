using System.Diagnostics;

namespace Milter.Mta.Tests.SelfTests;

/// <summary>Protects the machine from servers of runs that were interrupted, and everybody else's processes from us.</summary>
public sealed class LeftoverTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("leftovers");
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        _parent.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task A_server_whose_run_is_gone_is_ended_and_its_folder_removed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        Process server = Start(), owner = Start();
        string folder = Folder();
        Leftovers.Note(folder, server.Id, owner.Id);
        owner.Kill();
        await owner.WaitForExitAsync();

        await Leftovers.SweepAsync([_parent.FullName]);

        await server.WaitForExitAsync().WaitAsync(Deadline.Generous);
        Assert.False(Directory.Exists(folder));
    }

    [SkippableFact]
    public async Task A_server_whose_run_goes_on_is_left_alone()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        Process server = Start(), owner = Start();
        string folder = Folder();
        Leftovers.Note(folder, server.Id, owner.Id);

        await Leftovers.SweepAsync([_parent.FullName]);

        Assert.False(server.HasExited);
        Assert.True(Directory.Exists(folder));
    }

    [SkippableFact]
    public async Task Another_process_that_has_the_id_by_now_is_left_alone()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        Process other = Start();
        string folder = Folder();
        await File.WriteAllTextAsync(Path.Combine(folder, "owner.pid"), $"{other.Id} 1 {other.Id} 1");

        await Leftovers.SweepAsync([_parent.FullName]);

        Assert.False(other.HasExited);
        Assert.False(Directory.Exists(folder));
    }

    private string Folder() => _parent.CreateSubdirectory($"attrmilter-postfix-{_processes.Count}").FullName;

    // At the head of a session of its own, as a server is.
    private Process Start()
    {
        Process process = Process.Start("/usr/bin/setsid", ["/bin/sleep", "1000"]);
        _processes.Add(process);
        return process;
    }
}
