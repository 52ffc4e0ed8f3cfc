# Attachments by python3-milter's module mime: a part with a bad name is replaced, in zips and forwarded messages, too.
# --listen unix:PATH
import os
import sys
import tempfile
from io import BytesIO

import Milter
import mime

mime.print = lambda *words: None        # the module of Debian 12 prints each part that it looks at
mime.defang.scan_html = False
BAD = (".exe", ".scr", ".js", ".vbs", ".bat")


def bad(name):
    return name if name and name.lower().endswith(BAD) else ""


class Defang(Milter.Base):
    def envfrom(self, sender, *parameters):
        self.file = BytesIO()
        return Milter.CONTINUE

    @Milter.noreply
    def header(self, name, value):
        self.file.write(f"{name}: {value}\n".encode("utf-8", "surrogateescape"))
        return Milter.CONTINUE

    @Milter.noreply
    def eoh(self):
        self.file.write(b"\n")
        return Milter.CONTINUE

    @Milter.noreply
    def body(self, chunk):
        self.file.write(chunk)
        return Milter.CONTINUE

    def eom(self):
        self.file.seek(0)
        message = mime.message_from_file(self.file)
        if not mime.defang(message, check=bad, scan_zip=True):
            return Milter.ACCEPT
        for name in ("content-type", "content-disposition", "content-transfer-encoding"):
            if message[name] is not None:
                self.chgheader(name, 1, message[name])
        with tempfile.TemporaryFile() as out:
            message.dump(out)
            out.seek(0)
            while out.readline() not in (b"\n", b"\r\n", b""):
                pass
            while chunk := out.read(65535):
                self.replacebody(chunk)
        self.addheader("X-Attachment-Policy", "removed")
        return Milter.CONTINUE


Milter.factory = Defang
Milter.set_flags(Milter.CHGBODY + Milter.CHGHDRS + Milter.ADDHDRS)
os.umask(0)
Milter.runmilter("defang", sys.argv[sys.argv.index("--listen") + 1], 240)
