namespace Milter.Samples.Probe;

/// <summary>The probe as it is started without options: the MTA strips the space after the colon, and adds one.</summary>
[Milter]
internal sealed partial class PlainProbe : ProbeFilter;

/// <summary>The probe of <c>--leading-space</c>: header values come and go with the space that they have.</summary>
[Milter(PreserveHeaderSpace = true)]
internal sealed partial class SpaceKeepingProbe : ProbeFilter;
