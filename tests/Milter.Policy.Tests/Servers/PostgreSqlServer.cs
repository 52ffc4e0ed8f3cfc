using System.Diagnostics;
using Npgsql;

namespace Milter.Policy.Tests;

/// <summary>Debian's PostgreSQL. It refuses to run as root, so then it runs as its own user.</summary>
public sealed class PostgreSqlServer : StoreServer
{
    private const int Sigquit = 3;
    private readonly string _programs;

    private PostgreSqlServer(string programs) => _programs = programs;

    /// <remarks>The time-outs are long, since a machine that tests may be slow; what waits for policies is bounded by their own.</remarks>
    public override string Setting => $"postgresql:{ConnectionString("postgres")}";

    protected override int EndSignal => Sigquit;

    public string ConnectionString(string login) => $"Host=127.0.0.1;Port={Port};Database=postgres;Username={login};Timeout=60;Command Timeout=60";

    public static async Task<PostgreSqlServer> StartNewAsync()
    {
        string postgres = Demand("PostgreSQL", "/usr/lib/postgresql/15/bin/postgres", "/usr/lib/postgresql/16/bin/postgres", "/usr/lib/postgresql/17/bin/postgres");
        var server = new PostgreSqlServer(Path.GetDirectoryName(postgres)!);
        if (Environment.UserName == "root")
        {
            using Process chown = Run("chown", "postgres", server.Folder);
            await chown.WaitForExitAsync();
        }

        using Process initdb = server.AsItsUser("initdb", "-D", server.Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
        await initdb.WaitForExitAsync();
        Assert.Equal(0, initdb.ExitCode);
        await server.StartAsync();
        return server;
    }

    public async Task ExecuteAsync(string text)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using NpgsqlCommand command = source.CreateCommand(text);
        await command.ExecuteNonQueryAsync();
    }

    protected override Process Launch() => AsItsUser("postgres", "-D", Data, "-h", "127.0.0.1", "-p", $"{Port}", "-k", Folder, "-c", "max_connections=200");

    protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private string Data => Path.Combine(Folder, "data");

    private Process AsItsUser(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
        return Environment.UserName == "root" ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments]) : Run(path, arguments);
    }
}
