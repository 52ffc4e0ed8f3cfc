// The workloads on github.com/emersion/go-milter: --listen unix:PATH|inet:PORT@HOST --workload noop|inspect|inspect-nr|rewrite|typical
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/textproto"
	"os"
	"strings"

	"github.com/emersion/go-milter"
)

const footer = "-- \r\nchecked by the bench filter\r\n"

// The library has no names for the bits of protocol version 6, but passes on what it is given.
const waivedReplies milter.OptProtocol = 0x80 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x40000 | 0x80000

// The library's own NoOpMilter accepts at the end.
type noop struct{ milter.NoOpMilter }

type inspect struct {
	quiet   bool
	headers int
	length  int
	subject string
}

func (f *inspect) next() (milter.Response, error) {
	if f.quiet {
		return nil, nil
	}
	return milter.RespContinue, nil
}

func (f *inspect) Connect(host, family string, port uint16, addr net.IP, m *milter.Modifier) (milter.Response, error) {
	return f.next()
}

func (f *inspect) Helo(name string, m *milter.Modifier) (milter.Response, error) { return f.next() }

func (f *inspect) MailFrom(from string, m *milter.Modifier) (milter.Response, error) {
	f.headers, f.length, f.subject = 0, 0, ""
	return f.next()
}

func (f *inspect) RcptTo(to string, m *milter.Modifier) (milter.Response, error) { return f.next() }

func (f *inspect) Header(name, value string, m *milter.Modifier) (milter.Response, error) {
	f.headers++
	if strings.EqualFold(name, "Subject") {
		f.subject = strings.TrimLeft(value, " ")
	}
	return f.next()
}

func (f *inspect) Headers(h textproto.MIMEHeader, m *milter.Modifier) (milter.Response, error) {
	return f.next()
}

func (f *inspect) BodyChunk(chunk []byte, m *milter.Modifier) (milter.Response, error) {
	f.length += len(chunk)
	return f.next()
}

func (f *inspect) Body(m *milter.Modifier) (milter.Response, error) {
	return milter.RespContinue, m.AddHeader("X-Checked", fmt.Sprintf("h=%d b=%d s=%d", f.headers, f.length, len(f.subject)))
}

type rewrite struct {
	inspect
	body []byte
}

func (f *rewrite) MailFrom(from string, m *milter.Modifier) (milter.Response, error) {
	f.body = f.body[:0]
	return f.inspect.MailFrom(from, m)
}

func (f *rewrite) BodyChunk(chunk []byte, m *milter.Modifier) (milter.Response, error) {
	f.body = append(f.body, chunk...)
	return f.next()
}

func (f *rewrite) Body(m *milter.Modifier) (milter.Response, error) {
	if err := m.ChangeHeader(1, "Subject", "[CHK] "+f.subject); err != nil {
		return nil, err
	}
	if err := m.AddRecipient("extra@example.net"); err != nil {
		return nil, err
	}
	// ReplaceBody makes one packet of what it is given, and MTAs take at most 65,535 bytes: cut here, and not between CR and LF,
	// since the library turns CRLF into LF within a packet.
	f.body = append(f.body, footer...)
	for rest := f.body; len(rest) > 0; {
		n := len(rest)
		if n > 65535 {
			n = 65535
			if rest[n-1] == '\r' {
				n--
			}
		}
		if err := m.ReplaceBody(rest[:n]); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return milter.RespContinue, nil
}

// typical embeds NoOpMilter and overrides two methods; the server is told which steps are of no interest.
type typical struct {
	milter.NoOpMilter
	subject string
}

func (f *typical) Header(name, value string, m *milter.Modifier) (milter.Response, error) {
	if strings.EqualFold(name, "Subject") {
		f.subject = value
	}
	return milter.RespContinue, nil
}

func (f *typical) Body(m *milter.Modifier) (milter.Response, error) {
	text := "ok"
	if f.subject == "" {
		text = "no subject"
	}
	f.subject = ""
	return milter.RespContinue, m.AddHeader("X-Checked", text)
}

func listen(spec string) (net.Listener, error) {
	if strings.HasPrefix(spec, "unix:") {
		os.Remove(spec[len("unix:"):])
		return net.Listen("unix", spec[len("unix:"):])
	}
	parts := strings.SplitN(strings.TrimPrefix(spec, "inet:"), "@", 2)
	return net.Listen("tcp", parts[1]+":"+parts[0])
}

func main() {
	spec := flag.String("listen", "inet:9999@127.0.0.1", "")
	workload := flag.String("workload", "inspect", "")
	flag.Parse()
	server := milter.Server{Actions: milter.OptAddHeader}
	const notEnvelope = milter.OptNoConnect | milter.OptNoHelo | milter.OptNoMailFrom | milter.OptNoRcptTo
	switch *workload {
	case "noop":
		server.Actions = 0
		server.Protocol = notEnvelope | milter.OptNoHeaders | milter.OptNoEOH | milter.OptNoBody
		server.NewMilter = func() milter.Milter { return noop{} }
	case "inspect":
		server.NewMilter = func() milter.Milter { return &inspect{} }
	case "inspect-nr":
		server.Protocol = waivedReplies
		server.NewMilter = func() milter.Milter { return &inspect{quiet: true} }
	case "rewrite":
		server.Actions = milter.OptChangeHeader | milter.OptChangeBody | milter.OptAddRcpt
		server.NewMilter = func() milter.Milter { return &rewrite{} }
	case "typical":
		server.Protocol = notEnvelope | milter.OptNoEOH | milter.OptNoBody
		server.NewMilter = func() milter.Milter { return &typical{} }
	default:
		log.Fatalf("unknown workload %s", *workload)
	}
	listener, err := listen(*spec)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.Serve(listener))
}
