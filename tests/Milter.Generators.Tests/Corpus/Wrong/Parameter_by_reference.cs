[Milter]
partial class Filter
{
    [OnMail] void Mail(ref string {|MILTER041:from|}, in ConnectInfo {|MILTER041:client|}) { }
}
