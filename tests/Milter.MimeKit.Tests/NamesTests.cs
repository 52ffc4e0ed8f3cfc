namespace Milter.Mime.Tests;

/// <summary>All names that some mail program may see, and when they are said to disagree.</summary>
public sealed class NamesTests
{
    [Theory]
    [InlineData("Content-Disposition: attachment; filename=\"a.pdf\"", "a.pdf")]
    [InlineData("Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=\"a.pdf\"", "a.pdf")]
    [InlineData("Content-Disposition: attachment; filename*=UTF-8''%C3%BCbung.exe", "übung.exe")]
    [InlineData("Content-Disposition: attachment; filename*=koi8-r''%D0%D2%C9%D7%C5%D4.exe", "привет.exe")]
    [InlineData("Content-Disposition: attachment;\n filename*0*=UTF-8''ev%69;\n filename*1=l;\n filename*2*=%2Eexe", "evil.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"evil.exe", "evil.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"\u00fcbung.exe\"", "übung.exe")]
    [InlineData("content-disposition: ATTACHMENT; FileName=evil.exe", "evil.exe")]
    public void One_name_however_it_is_written(string fields, string name)
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment(fields));

        Assert.Equal([name], parts.Find("1.2")!.Names);
        Assert.Empty(parts.Ambiguities);
    }

    // Some programs decode words in quotes, some show them as they stand: both names count, and they are one.
    [Theory]
    [InlineData("Content-Disposition: attachment; filename=\"=?UTF-8?Q?evil.exe?=\"")]
    [InlineData("Content-Disposition: attachment; filename*=UTF-8''%3D%3FUTF-8%3FQ%3Fevil.exe%3F%3D")]
    [InlineData("Content-Disposition: attachment; filename*0=\"=?UTF-8?B?ZXZpb\"; filename*1=\"C5leGU=?=\"")]
    [InlineData("Content-Type: application/x; name=\"=?UTF-8?Q?evil.exe?=\"\nContent-Disposition: attachment; filename*=UTF-8''evil.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"=?UTF-8?Q?evil?=\n =?UTF-8?Q?.exe?=\"")]
    [InlineData("Content-Disposition: attachment; filename=\"ev\n il.exe\"")]
    public void Spellings_of_a_name_are_all_there_and_do_not_disagree(string fields)
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment(fields));

        Assert.Contains("evil.exe", parts.Find("1.2")!.Names);
        Assert.True(parts.Find("1.2")!.HasExtension(".EXE"));
        Assert.Empty(parts.Ambiguities);
    }

    [Theory]
    [InlineData("Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=\"b.exe\"", "a.pdf", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"a.txt\"; filename*=UTF-8''b.exe", "a.txt", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"a.txt\"; filename=\"b.exe\"", "a.txt", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"a.txt\"\nContent-Disposition: attachment; filename=\"b.exe\"", "a.txt", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=my file.exe", "my", "my file.exe")]
    [InlineData("Content-Disposition: attachment; filename=b.exe (a.txt)", "b.exe", "b.exe (a.txt)")]
    [InlineData("Content-Disposition: attachment; filename=\"b\".exe", "b", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"b.exe\0.txt\"", "b.exe", "b.exe\0.txt")]
    [InlineData("Content-Disposition: attachment; filename*0=b.exe; filename*2=.txt", "b.exe", "b.exe.txt")]
    [InlineData("Content-Disposition: attachment name=a.txt; filename=b.exe", "a.txt", "b.exe")]
    public void Names_that_readers_take_differently_are_all_there_and_said(string fields, string one, string other)
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment(fields));

        Assert.Contains(one, parts.Find("1.2")!.Names);
        Assert.Contains(other, parts.Find("1.2")!.Names);
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity is { Kind: AmbiguityKind.Names, Path: "1.2" });
    }

    [Theory]
    [InlineData("evil.exe")]
    [InlineData("evil.EXE. .")]
    [InlineData("C:\\temp\\evil.exe")]
    [InlineData("evil.exe::$DATA")]
    [InlineData("bill.pdf.exe")]
    public void An_extension_is_what_a_system_goes_by(string name) => Assert.True(FileNames.HasExtension(name, ["exe"]));

    [Theory]
    [InlineData("exe")]
    [InlineData("evil.exe.txt")]
    [InlineData("evil.exe/readme")]
    public void What_only_looks_like_one_is_none(string name) => Assert.False(FileNames.HasExtension(name, ["exe"]));
}
