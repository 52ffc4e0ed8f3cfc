namespace Milter.Protocol.Tests;

public sealed class ProtocolNamesTests
{
    [Fact]
    public void Every_flag_and_stage_has_a_name_of_its_own()
    {
        Check(Enum.GetValues<MilterActions>().Where(flag => flag is not (MilterActions.None or MilterActions.All)), ProtocolNames.Of, "SMFIF_");
        Check(Enum.GetValues<ProtocolSteps>().Where(flag => flag != ProtocolSteps.None), ProtocolNames.Of, "SMFIP_");
        Check(Enum.GetValues<MacroStage>(), ProtocolNames.Of, "");

        static void Check<T>(IEnumerable<T> flags, Func<T, string> name, string start)
        {
            string[] names = [.. flags.Select(name)];
            Assert.Equal(names, names.Distinct());
            Assert.All(names, each => Assert.Matches($"^{start}[A-Z][A-Z0-9_]+$", each));
        }
    }

    [Theory]
    [InlineData(MilterActions.AddRecipientsWithArguments, "SMFIF_ADDRCPT_PAR")]
    [InlineData((MilterActions)0x8000, "0x8000")]
    [InlineData(MilterActions.AddHeaders | MilterActions.ChangeBody, "0x3")]
    public void Actions_have_libmilter_s_names(MilterActions action, string name) => Assert.Equal(name, ProtocolNames.Of(action));

    [Theory]
    [InlineData(ProtocolSteps.NoReplyHeader, "SMFIP_NR_HDR")]
    [InlineData(ProtocolSteps.NoHeaders, "SMFIP_NOHDRS")]
    [InlineData((ProtocolSteps)0x0400_0000, "0x4000000")]
    public void Steps_have_libmilter_s_names(ProtocolSteps step, string name) => Assert.Equal(name, ProtocolNames.Of(step));
}
