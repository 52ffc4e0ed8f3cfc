[Milter]
partial class Filter
{
    private HeaderEditor? _editor;

    [OnEom] void End(HeaderEditor editor) => {|MILTER110:_editor|} = {|MILTER121:editor|};
}
