package ship

import (
	"encoding/binary"
	"errors"
	"time"

	"posprobe/report"
)

// The messages of opentelemetry/proto/collector/logs/v1/logs_service.proto and what they
// consist of, written by hand: the OpenTelemetry SDK would double the program. A number
// before a name is the field's.
//
//	ExportLogsServiceRequest  1 ResourceLogs
//	ResourceLogs              1 Resource (1 KeyValue), 2 ScopeLogs
//	ScopeLogs                 1 InstrumentationScope (1 name, 2 version), 2 LogRecord
//	LogRecord                 1 time_unix_nano, 2 severity_number, 3 severity_text, 5 body,
//	                          6 KeyValue, 11 observed_time_unix_nano, 12 event_name
//	KeyValue                  1 key, 2 AnyValue (1 string_value)

// otlp returns an encoder for what one agent has seen.
func otlp(agent report.Agent) encoder {
	return func(batch []message, now time.Time) []byte {
		resource := attribute(nil, 1, "service.name", agent.Name)
		resource = attribute(resource, 1, "service.version", agent.Version)
		resource = attribute(resource, 1, "os.type", agent.OS)
		resource = attribute(resource, 1, "host.arch", arch(agent.Arch))
		if len(batch) > 0 {
			resource = attribute(resource, 1, "service.instance.id", batch[0].Terminal.Ref)
		}
		logs := field(nil, 1, field(field(nil, 1, []byte(agent.Name)), 2, []byte(agent.Version)))
		for _, m := range batch {
			logs = field(logs, 2, m.logRecord(now))
		}
		return field(nil, 1, field(field(nil, 1, resource), 2, logs))
	}
}

func (m message) logRecord(now time.Time) []byte {
	s := m.severity()
	b := fixed64(nil, 1, nanoseconds(m.at))
	b = varint(b, 2, uint64(s.otlp))
	b = field(b, 3, []byte(s.text))
	b = field(b, 5, field(nil, 1, m.sentAt(now)))
	for _, a := range [][2]string{
		{"log.record.uid", m.ID},
		{"terminal.ref", m.Terminal.Ref},
		{"posprobe.verdict", string(m.Diagnosis.Verdict)},
		{"posprobe.domain", string(m.Diagnosis.Domain)},
		{"posprobe.code", string(m.Diagnosis.Code)},
		{"posprobe.confidence", string(m.Diagnosis.Confidence)},
		{"posprobe.incident.id", m.Incident.ID},
	} {
		b = attribute(b, 6, a[0], a[1])
	}
	b = fixed64(b, 11, nanoseconds(now))
	return field(b, 12, []byte("posprobe."+kindOf(m)))
}

func kindOf(m message) string {
	if m.Kind == "" {
		return "report"
	}
	return m.Kind
}

// arch is the processor in the words of the semantic conventions (host.arch).
func arch(goarch string) string {
	switch goarch {
	case "arm":
		return "arm32"
	case "386":
		return "x86"
	}
	return goarch
}

// nanoseconds since 1970; 0 stands for an unknown time.
func nanoseconds(t time.Time) uint64 {
	if t.Unix() <= 0 {
		return 0
	}
	return uint64(t.UnixNano())
}

// Wire types (protobuf.dev/programming-guides/encoding).
const (
	wireVarint = 0
	wireI64    = 1
	wireBytes  = 2
	wireI32    = 5
)

func tag(b []byte, number, wire int) []byte { return binary.AppendUvarint(b, uint64(number<<3|wire)) }

func varint(b []byte, number int, v uint64) []byte {
	return binary.AppendUvarint(tag(b, number, wireVarint), v)
}

func fixed64(b []byte, number int, v uint64) []byte {
	return binary.LittleEndian.AppendUint64(tag(b, number, wireI64), v)
}

func field(b []byte, number int, content []byte) []byte {
	b = binary.AppendUvarint(tag(b, number, wireBytes), uint64(len(content)))
	return append(b, content...)
}

// attribute appends a KeyValue, but for an empty value.
func attribute(b []byte, number int, key, value string) []byte {
	if value == "" {
		return b
	}
	return field(b, number, field(field(nil, 1, []byte(key)), 2, field(nil, 1, []byte(value))))
}

// errProtobuf is what is wrong with bytes that are no protobuf message.
var errProtobuf = errors.New("no protobuf message")

// partialSuccess reads an ExportLogsServiceResponse: 1 ExportLogsPartialSuccess, of which
// 1 is rejected_log_records and 2 error_message.
func partialSuccess(body []byte) (rejected int64, message string, err error) {
	err = eachField(body, func(number int, _ uint64, content []byte) error {
		if number != 1 {
			return nil
		}
		return eachField(content, func(number int, v uint64, content []byte) error {
			switch number {
			case 1:
				rejected = max(0, int64(v))
			case 2:
				message = string(content)
			}
			return nil
		})
	})
	return rejected, message, err
}

// eachField calls f with the fields of a message: v for numbers, content for the rest.
func eachField(b []byte, f func(number int, v uint64, content []byte) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 || key>>3 == 0 || key>>3 > 1<<29 {
			return errProtobuf
		}
		b = b[n:]
		var v uint64
		size := 0
		switch key & 7 {
		case wireVarint:
			if v, n = binary.Uvarint(b); n <= 0 {
				return errProtobuf
			}
			b = b[n:]
		case wireI64:
			size = 8
		case wireI32:
			size = 4
		case wireBytes:
			length, n := binary.Uvarint(b)
			if n <= 0 || length > uint64(len(b)-n) {
				return errProtobuf
			}
			b, size = b[n:], int(length)
		default:
			return errProtobuf
		}
		if size > len(b) {
			return errProtobuf
		}
		if err := f(int(key>>3), v, b[:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}
