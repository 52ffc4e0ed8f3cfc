[Milter]
partial class Filter
{
    private readonly List<string> _to = new();
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly System.Text.StringBuilder _body = new();

    [OnRcpt] void To(string recipient) => {|MILTER111:_to.Add(recipient)|};
    [OnHeader] void Header(string name, string value) => {|MILTER111:_headers[name]|} = value;
    [OnBody] void Chunk(ReadOnlyMemory<byte> chunk) => {|MILTER111:_body.Append(chunk.Length)|};
}
