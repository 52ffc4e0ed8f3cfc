// a record
//> EOM: InsertHeader X-Fields|3
//> EOM: InsertHeader X-Fields|2
[Milter]
public sealed partial record Filter
{
    [PerMessage] private int _fields;

    [OnHeader] void Header(HeaderField field) => _fields++;

    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Fields", $"{_fields}");
}
