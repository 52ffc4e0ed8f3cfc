"""A filter on pymilter: refuses one recipient, adds a header field, replaces the body where the subject asks for it."""
import sys

import Milter


class Tagger(Milter.Base):
    def hello(self, name):
        self.helo = name
        return Milter.CONTINUE

    def envfrom(self, sender, *arguments):
        self.sender, self.subject = sender, ""
        return Milter.CONTINUE

    def envrcpt(self, recipient, *arguments):
        if recipient.startswith("<no"):
            self.setreply("550", "5.1.1", "Not here")
            return Milter.REJECT
        return Milter.CONTINUE

    def header(self, name, value):
        if name.lower() == "subject":
            self.subject = value
        return Milter.CONTINUE

    def eom(self):
        self.addheader("X-Python", "%s %s %s" % (self.helo, self.sender, self.getsymval("i")))
        if "replace" in self.subject:
            self.replacebody(b"from python\r\n")
        return Milter.CONTINUE


Milter.factory = Tagger
Milter.set_flags(Milter.ADDHDRS | Milter.CHGBODY)
Milter.runmilter("tagger", sys.argv[1], 60)
