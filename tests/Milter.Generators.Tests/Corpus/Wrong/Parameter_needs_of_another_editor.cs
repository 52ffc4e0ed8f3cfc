[Milter]
partial class Filter
{
    [OnEom] void End([{|MILTER052:Needs(MilterActions.AddHeaders)|}] BodyEditor body) => body.Replace("No.");
}
