[Milter]
partial class Filter
{
    [OnEom] Verdict End([Header("Subject")] string {|MILTER105:subject|}, ConnectInfo {|MILTER105:client|}, [Helo] string {|MILTER105:helo|}, [Macro("{auth_type}")] string {|MILTER105:auth|}) => Verdict.Continue;
}
