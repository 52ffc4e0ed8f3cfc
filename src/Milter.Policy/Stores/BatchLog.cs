using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Milter.Policy;

/// <summary>
/// What a batch has confirmed and not committed yet: rows in a file beside the database, which the processes of a host have in their memory. It outlives the process that wrote it, as what SQLite writes with <c>synchronous=NORMAL</c> does;
/// after a start of the host it is void. Whoever begins a transaction and finds rows in it puts them into the database first.
/// </summary>
internal sealed unsafe class BatchLog : IDisposable
{
    // Layout: what the file is, the host's start that it belongs to, the owner and the length of the rows, who waits and since when; then the rows.
    private const int MarkAt = 0, BootAt = 8, PendingAt = 64, WantedAt = 128, RowsAt = 192;
    private const int Size = 1 << 20;
    private const int RowHead = 8;
    private const int WantedFor = 200;
    private const long Mark = 0x3167_6f6c_6d61_0000;

    private static readonly Guid s_boot = ReadBoot();

    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly uint _owner = (uint)Random.Shared.Next(1, int.MaxValue);
    private int _length;

    private BatchLog(FileStream file)
    {
        using var map = MemoryMappedFile.CreateFromFile(file, null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = map.CreateViewAccessor(0, Size);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Gets a value indicating whether there can be one: a host has to say when it was started.</summary>
    public static bool IsSupported => s_boot != Guid.Empty;

    /// <summary>Gets a value indicating whether there are rows, of a batch that goes on or of a process that has ended.</summary>
    public bool HasRows => (uint)Volatile.Read(ref Pending) != 0;

    /// <summary>Gets a value indicating whether another process has waited for the database lately.</summary>
    public bool IsWanted
    {
        get
        {
            long wanted = Volatile.Read(ref Wanted);
            return (uint)(wanted >> 32) is var who && who != 0 && who != _owner && (uint)Environment.TickCount64 - (uint)wanted < WantedFor;
        }
    }

    private ref long Pending => ref Unsafe.AsRef<long>(_start + PendingAt);

    private ref long Wanted => ref Unsafe.AsRef<long>(_start + WantedAt);

    private Span<byte> Rows => new(_start + RowsAt, Size - RowsAt);

    /// <summary>Opens a log that is there and of this start of the host.</summary>
    public static BatchLog? TryOpen(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.Length != Size)
        {
            return null;
        }

        var log = new BatchLog(OpenFile(path));
        if (BinaryPrimitives.ReadInt64LittleEndian(log.At(MarkAt, sizeof(long))) == Mark && new Guid(log.At(BootAt, 16)) == s_boot)
        {
            return log;
        }

        log.Dispose();
        return null;
    }

    /// <summary>Makes an empty log. The caller has the database's lock, so nobody else does.</summary>
    public static BatchLog Create(string path)
    {
        // Each byte is written: in a hole, a full disk would end the process at the first access to its memory.
        FileStream file = OpenFile(path);
        file.SetLength(0);
        file.Write(new byte[Size]);
        file.Flush();
        var log = new BatchLog(file);
        s_boot.TryWriteBytes(log.At(BootAt, 16));
        BinaryPrimitives.WriteInt64LittleEndian(log.At(MarkAt, sizeof(long)), Mark);
        return log;
    }

    /// <summary>Says to whoever has the database that somebody waits.</summary>
    public void Want() => Volatile.Write(ref Wanted, ((long)_owner << 32) | (uint)Environment.TickCount64);

    /// <summary>Adds a row.</summary>
    /// <returns>Whether it had room.</returns>
    public bool TryAppend(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name, ReadOnlySpan<long> values)
    {
        Span<byte> rest = Rows[_length..];
        int size = RowHead + list.Length + name.Length + (values.Length * sizeof(long));
        if (size > rest.Length || list.Length > byte.MaxValue || name.Length > ushort.MaxValue)
        {
            return false;
        }

        BinaryPrimitives.WriteInt32LittleEndian(rest, size);
        rest[4] = (byte)values.Length;
        rest[5] = (byte)list.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(rest[6..], (ushort)name.Length);
        list.CopyTo(rest[RowHead..]);
        name.CopyTo(rest[(RowHead + list.Length)..]);
        MemoryMarshal.AsBytes(values).CopyTo(rest[(RowHead + list.Length + name.Length)..]);
        _length += size;
        Volatile.Write(ref Pending, ((long)_owner << 32) | (uint)_length);
        return true;
    }

    /// <summary>Gives the rows of a process that has ended; the caller has the database's lock.</summary>
    /// <returns>What <see cref="Clear"/> wants to know.</returns>
    public long Replay(SqliteStatements into)
    {
        long pending = Volatile.Read(ref Pending);
        ReadOnlySpan<byte> rows = Rows[..(int)Math.Min((uint)pending, (uint)Rows.Length)];
        Span<long> values = stackalloc long[5];
        while (rows.Length > RowHead && BinaryPrimitives.ReadInt32LittleEndian(rows) is var size && size == Length(rows) && size <= rows.Length && rows[4] <= values.Length)
        {
            int list = rows[5];
            int name = BinaryPrimitives.ReadUInt16LittleEndian(rows[6..]);
            Span<long> some = values[..rows[4]];
            rows.Slice(RowHead + list + name, some.Length * sizeof(long)).CopyTo(MemoryMarshal.AsBytes(some));
            into.Write(rows.Slice(RowHead, list), rows.Slice(RowHead + list, name), some);
            rows = rows[size..];
        }

        return pending;
    }

    /// <summary>Forgets rows that are committed, unless others stand there already.</summary>
    public void Clear(long rows) => Interlocked.CompareExchange(ref Pending, 0, rows);

    /// <summary>Forgets our rows, which are committed.</summary>
    public void Release()
    {
        Clear(((long)_owner << 32) | (uint)_length);
        _length = 0;
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    private static FileStream OpenFile(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static Guid ReadBoot()
    {
        const string file = "/proc/sys/kernel/random/boot_id";
        return OperatingSystem.IsLinux() && File.Exists(file) && Guid.TryParse(File.ReadAllText(file, Encoding.ASCII), out Guid boot) ? boot : Guid.Empty;
    }

    private static int Length(ReadOnlySpan<byte> row) => RowHead + row[5] + BinaryPrimitives.ReadUInt16LittleEndian(row[6..]) + (row[4] * sizeof(long));

    private Span<byte> At(int offset, int length) => new(_start + offset, length);
}
