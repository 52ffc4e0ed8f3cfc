using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Milter.Tests;

/// <summary>A name server on loopback, over UDP and TCP, that answers from a zone, and misbehaves as told.</summary>
internal sealed class ScriptedDns : IDisposable
{
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _end = new();

    public ScriptedDns(DnsZone? zone = null)
    {
        Zone = zone ?? new DnsZone();
        (_udp, _tcp) = Open();
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    public DnsZone Zone { get; }

    // One port for both: what is free for one may be taken for the other.
    private static (UdpClient Udp, TcpListener Tcp) Open()
    {
        for (int tries = 0; ; tries++)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener(IPAddress.Loopback, ((IPEndPoint)udp.Client.LocalEndPoint!).Port);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException) when (tries < 20)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    /// <summary>Gets or sets how it answers a name; <see cref="DnsManner.Right"/> if not set.</summary>
    public Func<string, DnsManner> Manner { get; set; } = static _ => DnsManner.Right;

    /// <summary>Gets what was asked, in order: name, a blank, the number of the type, and "tcp" where it was.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public int Port => ((IPEndPoint)_udp.Client.LocalEndPoint!).Port;

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Makes options that ask this server, with time for a slow machine.</summary>
    public DnsOptions Options() => new() { Servers = { Address }, Timeout = TimeSpan.FromSeconds(60), Tries = 1 };

    public void Dispose()
    {
        _end.Cancel();
        _udp.Dispose();
        _tcp.Stop();
        _end.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult received = await _udp.ReceiveAsync(_end.Token);
                foreach (byte[] answer in Answer(received.Buffer, isTcp: false))
                {
                    await _udp.SendAsync(answer, received.RemoteEndPoint, _end.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _tcp.AcceptTcpClientAsync(_end.Token);
                NetworkStream stream = client.GetStream();
                byte[] length = new byte[2];
                await stream.ReadExactlyAsync(length, _end.Token);
                byte[] question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _end.Token);
                foreach (byte[] answer in Answer(question, isTcp: true))
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                    await stream.WriteAsync((byte[])[.. length, .. answer], _end.Token);
                }

                // One question a connection: many servers close it then.
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private IEnumerable<byte[]> Answer(byte[] question, bool isTcp)
    {
        (string name, int end) = DnsText.Read(question, 12);
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end));
        Asked.Enqueue($"{name} {type}{(isTcp ? " tcp" : "")}");
        byte[] asked = question[12..(end + 4)];
        DnsManner manner = Manner(name);
        switch (manner)
        {
            case DnsManner.Silent:
                return [];
            case DnsManner.ServerFailure:
                return [Message(question, asked, 2, [])];
            case DnsManner.Refused:
                return [Message(question, asked, 5, [])];
            case DnsManner.FormatErrorWithExtension when question[11] > 0:
                return [Message(question, [], 1, [])];
            case DnsManner.Referral:
                return [Message(question, asked, 0, [], authority: [Record(name, 2, DnsText.Name("ns.elsewhere.example"))], isResolver: false)];
            case DnsManner.OtherQuestion:
                return [Message(question, [.. DnsText.Name("other.example"), .. asked[^4..]], 0, [Record("other.example", type, type == 1 ? [192, 0, 2, 66] : [6, .. "forged"u8])])];
            case DnsManner.OtherId:
                byte[] forged = Message(question, asked, 0, [Record(name, type, type == 1 ? [192, 0, 2, 66] : [6, .. "forged"u8])]);
                forged[0] ^= 0xff;
                return [forged];
            case DnsManner.Garbage:
                return [question[..5]];
            case DnsManner.CutOverUdp when !isTcp:
                return [Message(question, asked, 0, [], isCut: true)];
            default:
                return [Right(question, asked, name, type, manner == DnsManner.OneAliasAtATime)];
        }
    }

    private byte[] Right(byte[] question, byte[] asked, string name, ushort type, bool isOneAtATime)
    {
        var records = new List<byte[]>();
        for (int hops = 0; hops < 8; hops++)
        {
            (ushort Type, byte[] Data)[] found = [.. Zone.Records(name).Where(one => one.Type == type)];
            records.AddRange(found.Select(one => Record(name, type, one.Data)));
            if (found.Length > 0 || Zone.Records(name).FirstOrDefault(static one => one.Type == 5) is not { Data: { } alias })
            {
                break;
            }

            records.Add(Record(name, 5, alias));
            name = DnsText.Read(alias, 0).Name;
            if (isOneAtATime)
            {
                return Message(question, asked, 0, records);
            }
        }

        byte[] soa = Record("example", 6, [.. DnsText.Name("ns.example"), .. DnsText.Name("host.example"), .. new byte[16], 0, 0, 0, 60]);
        bool isThere = Zone.Has(name);
        return Message(question, asked, isThere ? 0 : 3, records, records.Count > 0 && isThere ? [] : [soa]);
    }

    private byte[] Record(string name, ushort type, byte[] data)
    {
        byte[] fixedPart = new byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart, type);
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt32BigEndian(fixedPart.AsSpan(4), Zone.TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart.AsSpan(8), (ushort)data.Length);
        return [.. DnsText.Name(name), .. fixedPart, .. data];
    }

    private static byte[] Message(byte[] question, byte[] asked, int code, List<byte[]> answers, List<byte[]>? authority = null, bool isCut = false, bool isResolver = true)
    {
        byte[] head = [question[0], question[1], (byte)(0x81 | (isCut ? 2 : 0)), (byte)(code | (isResolver ? 0x80 : 0)), 0, (byte)(asked.Length > 0 ? 1 : 0), 0, (byte)answers.Count, 0, (byte)(authority?.Count ?? 0), 0, 0];
        return [.. head, .. asked, .. answers.SelectMany(static one => one), .. (authority ?? []).SelectMany(static one => one)];
    }
}

/// <summary>How a name server answers.</summary>
internal enum DnsManner
{
    Right,
    Silent,
    ServerFailure,
    Refused,
    FormatErrorWithExtension,
    Referral,
    OtherQuestion,
    OtherId,
    Garbage,
    CutOverUdp,
    OneAliasAtATime,
}
