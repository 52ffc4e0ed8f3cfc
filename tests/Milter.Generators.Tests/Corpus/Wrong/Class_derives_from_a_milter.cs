[Milter]
partial class Base
{
    [OnMail] protected void Mail() { }
}

[Milter]
partial class {|MILTER003:Derived|} : Base
{
    [OnEom] void End() { }
}
