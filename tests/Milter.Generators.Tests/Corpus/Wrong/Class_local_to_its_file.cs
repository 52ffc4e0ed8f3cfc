[Milter]
file partial class {|MILTER002:Hidden|}
{
    [OnEom] void End() { }
}
