[Milter]
partial class Filter
{
    [OnBody] void Chunk(MessageBody {|MILTER040:body|}) { }
}
