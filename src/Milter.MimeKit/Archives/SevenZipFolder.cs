using System.IO.Compression;
using Milter.Mime.Content;
using Milter.Mime.Reading;
using SharpCompress.Compressors.LZMA;

namespace Milter.Mime.Archives;

/// <summary>A run of bytes that was packed as one, and how (7zFormat.txt: Folder): several files may be in it, one behind the other.</summary>
internal sealed class SevenZipFolder
{
    private const ulong Copy = 0, Lzma2 = 0x21, Lzma = 0x030101, Deflate = 0x040108, Aes = 0x06f10701;
    private const int MaxCoders = 32;
    private const int LzmaProperties = 5;

    // What a program that packs for the last byte asks for; a stranger's archive gets no more.
    private const long MaxWindow = 64 << 20;

    private readonly List<Coder> _coders = [];
    private readonly List<(long In, long Out)> _binds = [];
    private readonly List<long> _sizes = [];
    private int _outputs;

    private sealed record Coder(ulong Method, int Inputs, int Outputs, byte[] Properties);

    /// <summary>Gets how many packed streams it takes.</summary>
    public int PackedStreams { get; private init; }

    /// <summary>Gets or sets where its packed bytes begin and how many there are.</summary>
    public (long Begin, long Length) Packed { get; set; }

    /// <summary>Gets or sets how many files are in it.</summary>
    public int Files { get; set; } = 1;

    /// <summary>Gets or sets a value indicating whether there is a sum of it.</summary>
    public bool HasSum { get; set; }

    /// <summary>Gets the sizes that files in it have, but for the last one, which has the rest.</summary>
    public List<long> FileSizes { get; } = [];

    /// <summary>Gets a value indicating whether a password is needed.</summary>
    public bool IsEncrypted => _coders.Exists(coder => coder.Method == Aes);

    /// <summary>Gets the unpacked size: that of the output which no other coder takes.</summary>
    public long Size
    {
        get
        {
            for (int i = 0; i < _outputs && i < _sizes.Count; i++)
            {
                if (!_binds.Exists(bind => bind.Out == i))
                {
                    return _sizes[i];
                }
            }

            throw ByteCursor.Broken();
        }
    }

    public static SevenZipFolder Read(ref ByteCursor header)
    {
        const int IdLength = 0x0f, IsComplex = 0x10, HasProperties = 0x20, Reserved = 0xc0;
        int count = header.Count();
        if (count is 0 or > MaxCoders)
        {
            throw ByteCursor.Broken();
        }

        var coders = new List<Coder>();
        for (int i = 0; i < count; i++)
        {
            byte how = header.Byte();
            if ((how & Reserved) != 0 || (how & IdLength) > sizeof(ulong))
            {
                throw ByteCursor.Broken();
            }

            ulong method = 0;
            foreach (byte one in header.Take(how & IdLength))
            {
                method = (method << 8) | one;
            }

            bool isComplex = (how & IsComplex) != 0;
            int inputs = isComplex ? Few(header.Prefixed()) : 1;
            int outputs = isComplex ? Few(header.Prefixed()) : 1;
            coders.Add(new Coder(method, inputs, outputs, (how & HasProperties) != 0 ? header.Take(header.Prefixed()).ToArray() : []));
        }

        int allInputs = coders.Sum(coder => coder.Inputs);
        int allOutputs = coders.Sum(coder => coder.Outputs);
        var folder = new SevenZipFolder { PackedStreams = allInputs - (allOutputs - 1), _outputs = allOutputs };
        if (folder.PackedStreams < 1 || allOutputs < 1)
        {
            throw ByteCursor.Broken();
        }

        folder._coders.AddRange(coders);
        for (int i = 0; i < allOutputs - 1; i++)
        {
            folder._binds.Add((header.Prefixed(), header.Prefixed()));
        }

        for (int i = 0; folder.PackedStreams > 1 && i < folder.PackedStreams; i++)
        {
            header.Prefixed();
        }

        return folder;

        static int Few(long count) => count <= MaxCoders ? (int)count : throw ByteCursor.Broken();
    }

    public void ReadSizes(ref ByteCursor header)
    {
        for (int i = 0; i < _outputs; i++)
        {
            _sizes.Add(header.Prefixed());
        }
    }

    /// <summary>Unpacks it.</summary>
    /// <returns>What is in it, from beginning to end; <see langword="null"/> where it was packed in a way that is not undone here.</returns>
    public Stream? Open(Stream archive)
    {
        if (PackedStreams != 1 || _coders.Exists(coder => coder is not { Inputs: 1, Outputs: 1 }) || _sizes.Count != _coders.Count)
        {
            return null;
        }

        // The coder whose input none gives takes the packed bytes; from there on each takes what another one gives.
        int at = Enumerable.Range(0, _coders.Count).First(i => !_binds.Exists(bind => bind.In == i));
        Stream? stream = new RangeStream(archive, Packed.Begin, Math.Min(archive.Length, Packed.Begin + Packed.Length));
        for (int left = _coders.Count; left > 0 && stream is not null; left--)
        {
            stream = Undo(_coders[at], stream, _sizes[at]);
            int next = _binds.FindIndex(bind => bind.Out == at);
            if (next < 0)
            {
                return left == 1 ? stream : throw ByteCursor.Broken();
            }

            at = (int)Math.Min(_coders.Count - 1, _binds[next].In);
        }

        return stream is null ? null : throw ByteCursor.Broken();
    }

    private static Stream? Undo(Coder coder, Stream packed, long size) => coder.Method switch
    {
        Copy => packed,
        Deflate => new DeflateStream(packed, CompressionMode.Decompress),
        Lzma when coder.Properties.Length >= LzmaProperties => LzmaStream.Create(Bounded(coder.Properties, size), packed, -1, size, null, isLzma2: false),
        Lzma2 when coder.Properties.Length >= 1 => LzmaStream.Create(BoundedChunks(coder.Properties[0], size), packed, -1, size, null, isLzma2: true),
        _ => null,
    };

    // The window never needs to be larger than all that there is, and is made as large as is said.
    private static byte[] Bounded(byte[] properties, long size)
    {
        uint window = (uint)Window(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(properties.AsSpan(1)), size);
        byte[] bounded = [.. properties.AsSpan(0, LzmaProperties)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bounded.AsSpan(1), window);
        return bounded;
    }

    private static byte[] BoundedChunks(byte said, long size)
    {
        const int Largest = 40;
        if (said > Largest)
        {
            throw ByteCursor.Broken();
        }

        byte bounded = said;
        while (bounded > 0 && Of(bounded - 1) >= size)
        {
            bounded--;
        }

        Window(Of(bounded), long.MaxValue);
        return [bounded];

        static long Of(int property) => (2L | (uint)(property & 1)) << ((property / 2) + 11);
    }

    private static long Window(long said, long size)
    {
        const int Smallest = 4096;
        long needed = Math.Max(Smallest, Math.Min(said, size));
        return needed <= MaxWindow ? needed : throw new LimitException($"it is packed so that unpacking takes more than {MaxWindow >> 20} MiB of memory");
    }
}
