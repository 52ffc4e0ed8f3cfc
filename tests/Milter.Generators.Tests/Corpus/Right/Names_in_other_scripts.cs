// names beyond ASCII
//> EOM: InsertHeader X-Groesse|example.org
//> EOM: InsertHeader X-Groesse|example.org
[Milter]
partial class Filter
{
    [PerMessage] private string? _größe;

    [OnMail] void Größe(EnvelopeAddress отправитель) => _größe = отправитель.Domain;

    [OnEom] void 終(HeaderAdder ändern) => ändern.Add("X-Größe".Replace("ö", "oe").Replace("ß", "ss"), _größe ?? "");
}
