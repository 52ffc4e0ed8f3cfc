using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Members that hold a thread until something else happens, and what to write instead. A new one is one more row.</summary>
/// <param name="Type">The type that has the member, or a base of it.</param>
/// <param name="Members">The members' names; <c>.ctor</c> for a constructor.</param>
/// <param name="Instead">What to do instead.</param>
internal sealed record BlockingCall(string Type, ImmutableArray<string> Members, string Instead)
{
    private const string Async = "await its asynchronous twin";
    private const int MaxDepth = 6;

    private static readonly ImmutableArray<BlockingCall> s_all = ImmutableArray.Create(
        Row("System.Threading.Thread", "await Task.Delay", "Sleep"),
        Row("System.Threading.Thread", "await a task instead", "Join"),
        Row("System.Threading.SemaphoreSlim", "await WaitAsync", "Wait"),
        Row("System.Threading.WaitHandle", "await something instead", "WaitOne", "WaitAll", "WaitAny", "SignalAndWait"),
        Row("System.Threading.ManualResetEventSlim", "await a TaskCompletionSource instead", "Wait"),
        Row("System.Threading.CountdownEvent", "await Task.WhenAll instead", "Wait"),
        Row("System.Threading.Barrier", "await Task.WhenAll instead", "SignalAndWait"),
        Row("System.Threading.SpinWait", "await something instead", "SpinUntil"),
        Row("System.Threading.Monitor", "await a SemaphoreSlim or a TaskCompletionSource instead", "Wait"),
        Row("System.Threading.Tasks.Parallel", "await Task.WhenAll or Parallel.ForEachAsync instead", "For", "ForEach", "Invoke"),
        Row("System.Collections.Concurrent.BlockingCollection`1", "take a Channel and await its reader", "Take", "GetConsumingEnumerable", "TakeFromAny"),
        Row("System.Threading.Tasks.TaskAsyncEnumerableExtensions", "await foreach", "ToBlockingEnumerable"),
        Row("System.Diagnostics.Process", "await WaitForExitAsync", "WaitForExit", "WaitForInputIdle"),
        Row("System.Net.Dns", Async, "GetHostAddresses", "GetHostEntry", "GetHostByName", "GetHostByAddress", "Resolve"),
        Row("System.Net.Http.HttpMessageInvoker", "await SendAsync", "Send"),
        Row("System.Net.WebRequest", "take HttpClient, and await it", "GetResponse", "GetRequestStream"),
        Row("System.Net.WebClient", "take HttpClient, and await it", "DownloadString", "DownloadData", "DownloadFile", "UploadString", "UploadData", "UploadFile", "UploadValues", "OpenRead", "OpenWrite"),
        Row("System.Net.Sockets.TcpClient", "make it without arguments and await ConnectAsync", ".ctor"),
        Row("System.Net.Sockets.TcpClient", Async, "Connect"),
        Row("System.Net.Sockets.TcpListener", Async, "AcceptTcpClient", "AcceptSocket"),
        Row("System.Net.Sockets.UdpClient", Async, "Receive", "Send"),
        Row("System.Net.Sockets.Socket", Async, "Connect", "Accept", "Receive", "ReceiveFrom", "ReceiveMessageFrom", "Send", "SendTo", "SendFile", "Disconnect", "Select"),
        Row("System.Net.Sockets.NetworkStream", Async, "Read", "ReadByte", "Write", "WriteByte"),
        Row("System.Net.Security.SslStream", Async, "AuthenticateAsClient", "AuthenticateAsServer", "Read", "ReadByte", "Write"),
        Row("System.Net.NetworkInformation.Ping", "await SendPingAsync", "Send"),
        Row("System.Net.Mail.SmtpClient", "await SendMailAsync", "Send"),
        Row("System.IO.Pipes.NamedPipeClientStream", Async, "Connect"),
        Row("System.IO.Pipes.NamedPipeServerStream", Async, "WaitForConnection"),
        Row("System.Console", "a filter has nobody to ask", "ReadLine", "ReadKey", "Read"),
        Row("System.Data.Common.DbConnection", Async, "Open", "BeginTransaction", "ChangeDatabase"),
        Row("System.Data.Common.DbCommand", Async, "ExecuteReader", "ExecuteScalar", "ExecuteNonQuery", "Prepare"),
        Row("System.Data.Common.DbBatch", Async, "ExecuteReader", "ExecuteScalar", "ExecuteNonQuery"),
        Row("System.Data.Common.DbDataReader", Async, "Read", "NextResult"),
        Row("System.Data.Common.DbTransaction", Async, "Commit", "Rollback"),
        Row("System.Data.IDbConnection", "take DbConnection, whose methods can be awaited", "Open", "BeginTransaction"),
        Row("System.Data.IDbCommand", "take DbCommand, whose methods can be awaited", "ExecuteReader", "ExecuteScalar", "ExecuteNonQuery"),
        Row("System.Data.IDataReader", "take DbDataReader, whose methods can be awaited", "Read", "NextResult"),
        Row("Microsoft.EntityFrameworkCore.DbContext", "await SaveChangesAsync", "SaveChanges"),
        Row("Dapper.SqlMapper", Async, "Query", "QueryFirst", "QueryFirstOrDefault", "QuerySingle", "QuerySingleOrDefault", "QueryMultiple", "Execute", "ExecuteScalar", "ExecuteReader"),
        Row("StackExchange.Redis.IDatabase", Async, "StringGet", "StringSet", "StringIncrement", "KeyExists", "KeyDelete", "SetContains", "SetAdd", "HashGet", "HashSet"));

    /// <summary>What waits for the other side where it is a network, and does not where it is memory.</summary>
    private static readonly ImmutableArray<BlockingCall> s_streams = ImmutableArray.Create(
        Row("System.IO.Stream", Async, "Read", "ReadByte", "ReadExactly", "ReadAtLeast", "Write", "WriteByte", "CopyTo", "Flush"),
        Row("System.IO.TextReader", Async, "Read", "ReadBlock", "ReadLine", "ReadToEnd"),
        Row("System.IO.TextWriter", Async, "Write", "WriteLine", "Flush"));

    private static readonly string[] s_networks = ["System.Net.Sockets.NetworkStream", "System.Net.Security.AuthenticatedStream", "System.IO.Pipes.PipeStream"];

    private static readonly ImmutableArray<BlockingCall> s_files = ImmutableArray.Create(
        Row("System.IO.File", Async, "ReadAllText", "ReadAllLines", "ReadAllBytes", "ReadLines", "WriteAllText", "WriteAllLines", "WriteAllBytes", "AppendAllText", "AppendAllLines", "AppendAllBytes"));

    /// <summary>What to do instead of what surely blocks; <see langword="null"/> for everything else.</summary>
    public static string? InsteadOf(IOperation operation) => operation switch
    {
        IInvocationOperation call when IsOfTask(call) => "await the task",
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType: { } type } } when HandlerSymbols.IsTaskLike(type) => "await the task",
        IPropertyReferenceOperation => null,
        IInvocationOperation { TargetMethod.Name: "ReadToEnd" or "ReadLine" or "Read", Instance: IPropertyReferenceOperation { Property.ContainingType: { } type } } when type.Is("System.Diagnostics.Process") => Async,
        _ => Find(s_all, operation) ?? (operation is IInvocationOperation stream && IsOfNetwork(stream) ? Find(s_streams, operation) : null),
    };

    /// <summary>What to do instead of what goes to a disk, which is short as a rule.</summary>
    public static string? InsteadOfFile(IOperation operation) => Find(s_files, operation);

    private static string? Find(ImmutableArray<BlockingCall> rows, IOperation operation)
    {
        (ISymbol? member, int arguments) = operation switch
        {
            IInvocationOperation call => (call.TargetMethod, call.Arguments.Length),
            IObjectCreationOperation { Constructor: { } made, Arguments: var given } => (made, given.Length),
            _ => ((ISymbol?)null, 0),
        };
        if (member is null || (member.Name == ".ctor" && arguments < 2) || IsNoWait(operation))
        {
            return null;
        }

        BlockingCall? row = rows.FirstOrDefault(known => known.Members.Contains(member.Name) && IsOf(member.ContainingType, known.Type));
        return row is null ? null : row.Instead != Async ? row.Instead : $"await {member.Name}Async";
    }

    /// <summary>Says whether what is called, or what is given to it, is a network's stream, or a reader or writer of one; as far as locals tell.</summary>
    private static bool IsOfNetwork(IInvocationOperation call) => IsNetwork(call.Instance.Receiver(), 0) || (call.TargetMethod.Name == "CopyTo" && call.Arguments.Any(argument => IsNetwork(argument.Value, 0)));

    private static bool IsNetwork(IOperation? stream, int depth)
    {
        IOperation? bare = stream?.Bare();
        return bare is not null && depth < MaxDepth && ((bare.Type is INamedTypeSymbol type && s_networks.Any(name => type.DerivesFrom(name))) || bare switch
        {
            ILocalReferenceOperation local => IsNetwork(Origins.Of(local), depth + 1),
            IObjectCreationOperation { Arguments: { Length: > 0 } arguments } => IsNetwork(arguments[0].Value, depth + 1),
            _ => false,
        });
    }

    /// <summary>Waiting for a task in any of the ways that there are.</summary>
    private static bool IsOfTask(IInvocationOperation call) => call.TargetMethod switch
    {
        { Name: "Wait" or "WaitAll" or "WaitAny", ContainingType: { } type } => HandlerSymbols.IsTaskLike(type) && !IsNoWait(call),
        { Name: "GetResult", ContainingType: { } type } => type.ContainingNamespace?.ToDisplayString() == "System.Runtime.CompilerServices" && type.ToDisplayString().Contains("Awaiter") && type.Name is not "YieldAwaiter",
        _ => false,
    };

    /// <summary>Says whether a call only asks: its time is nothing.</summary>
    private static bool IsNoWait(IOperation operation) => operation is IInvocationOperation call && call.Arguments.Any(argument =>
        argument.Parameter?.Type is { } type
        && ((argument.Parameter.Name.StartsWith("milliseconds", StringComparison.Ordinal) && argument.Value.ConstantValue is { HasValue: true, Value: 0 })
            || (type.Is("System.TimeSpan") && argument.Value.Bare() is IFieldReferenceOperation { Field.Name: "Zero" } or IDefaultValueOperation)));

    private static bool IsOf(INamedTypeSymbol type, string name) => type.OriginalDefinition.DerivesFrom(name) || (name[name.LastIndexOf('.') + 1] == 'I' && type.Implements(name));

    private static BlockingCall Row(string type, string instead, params string[] members) => new(type, members.ToImmutableArray(), instead);
}
