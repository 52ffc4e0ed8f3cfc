using System.Text;

namespace Milter.Mime.Tests;

/// <summary>Messages of every lawful shape, each also with each defect of the field: the same ones in each run.</summary>
internal static class Corpus
{
    private const string Head = "From: Ann <ann@x.test>\nTo: bob@y.test\nSubject: =?utf-8?q?gr=C3=BCn?=\nMessage-ID: <1@x.test>\nMIME-Version: 1.0\n";
    private const string Attachment = "Content-Type: application/octet-stream; name=\"a.bin\"\nContent-Disposition: attachment; filename=\"a.bin\"\nContent-Transfer-Encoding: base64\n\naGVsbG8gd29ybGQ=\n";

    private static readonly (string Name, string Text)[] s_shapes =
    [
        ("plain", Head + "\nhello\n\nworld\n"),
        ("no-mime", "From: a@x.test\nSubject: s\n\nhello\n"),
        ("utf8", Head + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\ngr\u00c3\u00bcn\n"),
        ("koi8", Head + "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\u00f0\u00f2\u00e9\n"),
        ("quoted", Head + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\ngr=C3=BCn and a long =\nline\n"),
        ("base64", Head + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nZ3LDvG4K\n"),
        ("flowed", Head + "Content-Type: text/plain; format=flowed; delsp=yes\n\na line \nthat flows\n-- \nsig\n"),
        ("html", Head + "Content-Type: text/html; charset=us-ascii\n\n<html><body><p>hi</p></body></html>\n"),
        ("alternative", Head + "Content-Type: multipart/alternative; boundary=\"=_alt\"\n\nThis is MIME.\n--=_alt\nContent-Type: text/plain\n\nhi\n\n--=_alt\nContent-Type: text/html\n\n<p>hi</p>\n\n--=_alt--\n"),
        ("mixed", Head + $"Content-Type: multipart/mixed; boundary=\"----=_Part_1\"\n\n------=_Part_1\nContent-Type: text/plain\n\nhi\n------=_Part_1\n{Attachment}\n------=_Part_1--\nepilogue\n"),
        ("related", Head + "Content-Type: multipart/related; boundary=rel; type=\"text/html\"\n\n--rel\nContent-Type: text/html\n\n<img src=\"cid:i\">\n--rel\nContent-Type: image/png\nContent-ID: <i>\nContent-Disposition: inline; filename=i.png\nContent-Transfer-Encoding: base64\n\niVBORw0=\n--rel--\n"),
        ("nested", Head + $"Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/alternative; boundary=inn\n\n--inn\n\nhi\n--inn\nContent-Type: text/html\n\n<b>hi</b>\n--inn--\n\n--out\n{Attachment}--out--\n"),
        ("forwarded", Head + $"Content-Type: multipart/mixed; boundary=out\n\n--out\n\nsee below\n--out\nContent-Type: message/rfc822\n\nFrom: c@z.test\nSubject: inner\nContent-Type: multipart/mixed; boundary=inn\n\n--inn\n\ninner text\n--inn\n{Attachment}--inn--\n\n--out--\n"),
        ("digest", Head + "Content-Type: multipart/digest; boundary=dig\n\n--dig\n\nSubject: one\n\nfirst\n--dig\n\nSubject: two\n\nsecond\n--dig--\n"),
        ("report", Head + "Content-Type: multipart/report; report-type=delivery-status; boundary=rep\n\n--rep\n\nYour message failed.\n--rep\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; b@y.test\nAction: failed\n--rep\nContent-Type: text/rfc822-headers\n\nSubject: s\nFrom: a@x.test\n--rep--\n"),
        ("signed", Head + "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; boundary=sig\n\n--sig\nContent-Type: text/plain\n\nhi\n--sig\nContent-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----\n--sig--\n"),
        ("uuencode", Head + "\nsee\nbegin 644 a.bin\n%:&5L;&\\`\n`\nend\nbye\n"),
        ("header-only-part", Head + "Content-Type: multipart/mixed; boundary=hop\n\n--hop\nContent-Type: text/plain\n--hop\nContent-Type: application/x-none; name=none.bin\n\n--hop\n\nlast\n--hop--\n"),
        ("encoded-message", Head + "Content-Type: multipart/mixed; boundary=enc\n\n--enc\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4NCkNvbnRlbnQtVHlwZTogdGV4dC9wbGFpbjsgbmFtZT1pbi50eHQNCg0KaGkNCg==\n--enc--\n"),
        ("names", Head + "Content-Type: multipart/mixed; boundary=nam\n\n--nam\nContent-Type: application/pdf; name=\"=?utf-8?Q?gr=C3=BCn.pdf?=\"\nContent-Disposition: attachment;\n filename*0*=utf-8''gr%C3%BC;\n filename*1=n.pdf\n\nx\n--nam--\n"),
        ("long-fold", Head + "References: <1@x.test>\n <2@x.test>\n\t<3@x.test>\nX-Empty:\nX-Spaced :  two  blanks \nContent-Type: text/plain;\n\tcharset=us-ascii;\n\tname=\"a\n b.txt\"\n\nhi\n"),
    ];

    private static readonly (string Name, Func<string, string> Make)[] s_defects =
    [
        ("lawful", text => text),
        ("no-end", text => text.Replace("--\n", "\n", StringComparison.Ordinal)),
        ("padded-boundaries", text => text.Replace("--\n", "-- \t\n", StringComparison.Ordinal)),
        ("double-quotes", text => text.Replace("name=", "name=\"\"", StringComparison.Ordinal).Replace("boundary=", "boundary=\"\"", StringComparison.Ordinal)),
        ("doubled-boundary", text => text.Replace("; boundary=", "; boundary=zz; boundary=", StringComparison.Ordinal)),
        ("no-boundary", text => text.Replace("boundary=", "bounty=", StringComparison.Ordinal)),
        ("same-boundaries", text => text.Replace("inn", "out", StringComparison.Ordinal)),
        ("bare-cr", text => text.Replace("hi\n", "hi\u0001\n", StringComparison.Ordinal)),
        ("bare-lf", text => text.Replace("Content-Type: text/plain\n", "Content-Type: text/plain\u0002", StringComparison.Ordinal)),
        ("cr-cr-lf", text => text.Replace("\n\n", "\u0001\n\u0001\n", StringComparison.Ordinal)),
        ("no-blank-line", text => text.Replace("\n\n", "\n", StringComparison.Ordinal)),
        ("no-header", text => "just text\n" + text),
        ("nul", text => text.Replace("hi", "h\0i", StringComparison.Ordinal).Replace("a.bin", "a.bin\0.txt", StringComparison.Ordinal)),
        ("long-line", text => text + new string('x', 1 << 20) + "\n"),
        ("wrong-charset", text => text.Replace("charset=", "charset=x-none-", StringComparison.Ordinal)),
        ("split-names", text => text.Replace("name=\"a.bin\"", "name*0=\"a.\"; name*1=bin", StringComparison.Ordinal)),
        ("broken-base64", text => text.Replace("aGVsbG8g", "aGV=sb!G8g", StringComparison.Ordinal)),
        ("cut", text => text[..(text.Length * 2 / 3)]),
        ("cut-in-header", text => text[..(text.Length / 3)]),
        ("double-type", text => text.Replace("Content-Type:", "Content-Type: text/plain\nContent-Type:", StringComparison.Ordinal)),
        ("eight-bit-header", text => "Subject: gr\u00fcn\n" + text),
        ("junk-after-end", text => text + "--out\nContent-Type: application/x; name=late.exe\n\nx\n--out--\n"),
    ];

    /// <summary>Gets all messages. The first defect is none.</summary>
    public static IEnumerable<(string Name, byte[] Message)> All() =>
        from shape in s_shapes
        from defect in s_defects
        select ($"{shape.Name}/{defect.Name}", Bytes(defect.Make(shape.Text)));

    // 1 is a bare CR, 2 a bare LF.
    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal).Replace('\u0001', '\r').Replace('\u0002', '\n'));
}
