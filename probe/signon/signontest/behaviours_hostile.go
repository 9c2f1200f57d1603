package signontest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// hostile are the behaviours of peers that mean harm, in every dialect.
func hostile() []Behaviour {
	return mark([]Behaviour{
		{Name: "flood", Argument: "BYTES", Default: "10000000", TerminalID: "FLOOD___",
			Imitates: "a peer that sends and sends, beginning with a length of 65535: it must cost posprobe neither memory nor data volume",
			make:     flood},
		{Name: "endless",
			Imitates: "a peer that begins like a good one and never ends: a frame of 2000 bytes, a body without length, a line, and whatever the line takes after it",
			make:     plain(func(s *session) { s.send(s.beginning()); s.pour("0") })},
		{Name: "endless-after",
			Imitates: "a good reply with no end of bytes behind it",
			make:     plain(func(s *session) { s.send(s.good()); s.pour("0") })},
		{Name: "drip", Argument: "DURATION", Default: "1s",
			Imitates: "a peer that holds its client with one byte every DURATION, without end",
			make: timed(func(s *session, d time.Duration) {
				for _, b := range append(s.beginning(), strings.Repeat("0", 1<<16)...) {
					if !s.send([]byte{b}) || !s.pause(d) {
						return
					}
				}
			})},
		{Name: "length-most", needs: hasMessage,
			Imitates: "the greatest length that the prefix can say, and then nothing: whoever sets memory aside for it, loses it",
			make: plain(func(s *session) {
				s.send(s.inFrame(s.d.framing.lying(nil, s.d.framing.most)))
				s.stick()
			})},
		{Name: "length-one", needs: hasMessage,
			Imitates: "a length of one in front of a whole reply",
			make:     wrongLength(func(int) int { return 1 })},
		{Name: "length-sign", needs: hasTextLength,
			Imitates: "a length in characters with a sign, for readers that take one",
			make: plain(func(s *session) {
				s.send(s.inFrame(append([]byte("-001"), s.answer().message.body()...)))
			})},
		{Name: "every-bit", needs: hasMessage,
			Imitates: "a bitmap that announces every field there is, and fields of zeros",
			make: plain(func(s *session) {
				m := s.answer().message
				m.Fields = nil
				ones := strings.Repeat("\xff", 8)
				if m.packing().textBitmap {
					ones = strings.Repeat("F", 16)
				}
				head, _ := bytes.CutSuffix(m.body(), make([]byte, 8))
				head, _ = bytes.CutSuffix(head, []byte(strings.Repeat("0", 16)))
				s.send(s.inFrame(s.d.framing.around(append(head, ones+strings.Repeat("0", 1000)...))))
			})},
		{Name: "stuffed", goesOn: true,
			Imitates: "a reply of the greatest size with card data and keys wherever there is room for some, in every form that a text may have them",
			make:     altered((*reply).stuff)},
		{Name: "escapes", goesOn: true,
			Imitates: "terminal escapes and invisible characters in every text of a reply",
			make:     altered((*reply).steer)},
		{Name: "poll-storm", needs: hasPolls,
			Imitates: "polls without end, and nobody who reads their answers",
			make:     plain(func(s *session) { s.pour(s.d.framing.poll) })},
		{Name: "poll-drip", Argument: "DURATION", Default: "200ms", needs: hasPolls,
			Imitates: "a poll every DURATION instead of a reply",
			make: timed(func(s *session, d time.Duration) {
				for s.send([]byte(s.d.framing.poll)) && s.pause(d) {
				}
			})},
	})
}

// mark says of behaviours that they are hostile.
func mark(list []Behaviour) []Behaviour {
	for i := range list {
		list[i].Hostile = true
	}
	return list
}

// pour sends a text over and over at full speed until the client leaves.
func (s *session) pour(text string) {
	block := []byte(strings.Repeat(text, 32<<10/len(text)))
	for s.send(block) {
	}
}

// beginning is what a long reply of the dialect begins with.
func (s *session) beginning() []byte {
	switch {
	case s.d.web:
		r := s.answer().page()
		r.ends = byClose
		return r.top()
	case s.d.protocol == lines:
		return []byte("220-")
	}
	return s.d.framing.lying(nil, 2000)
}

// flood sends a length of 65535 and then BYTES bytes, as long as the client takes them.
func flood(_ dialect, text string) (action, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return nil, errors.New("give a number of bytes")
	}
	return func(s *session) {
		block := []byte(strings.Repeat("\xff", 32<<10))
		for left := n; left > 0; left -= len(block) {
			if !s.send(block[:min(left, len(block))]) {
				return
			}
		}
	}, nil
}

// secretTexts are card data and keys as a text may have them. A text may be shown, so
// that it holds nothing which can be told from other words by its place alone.
func secretTexts() []string {
	keys := hex.EncodeToString([]byte(PlantedKeys))
	var spaced []string
	for at := 0; at < len(PlantedPAN); at += 4 {
		spaced = append(spaced, PlantedPAN[at:min(at+4, len(PlantedPAN))])
	}
	return []string{PlantedPAN, PlantedTrack, strings.Join(spaced, " "), strings.Join(spaced, "-"), keys, strings.ToUpper(keys)}
}

// stuff fills a reply with card data and keys: a frame of 2048 bytes at the most, a page
// of 64 KiB, a line of 2 KiB.
func (r *reply) stuff() {
	secret := strings.Join(append(PlantedSecrets(), secretTexts()...), "|")
	text := strings.Join(secretTexts(), " ")
	if r.d.messages() {
		f := r.message.Fields
		f[2], f[35], f[36], f[45], f[52] = PlantedPAN, PlantedTrack, PlantedTrack+PlantedPAN, secret[:76], PlantedKeys[:8]
		f[55], f[59], f[62], f[64] = PlantedChip, secret, secret, PlantedKeys[8:16]
		f[43], f[44], f[37] = (text + text)[:40], text[:25], PlantedPAN[:12]
		f[48], f[61] = secret, secret
		if r.d.protocol == unionPay { // digits
			f[48], f[61], f[46], f[47] = strings.Repeat(PlantedPAN, 8), PlantedTrack, secret, secret[:200]
		}
	}
	if r.d.web {
		for range 12 {
			r.web.header = append(r.web.header, "X-"+PlantedPAN+": "+secret)
		}
		r.web.reason = text
	}
	if r.d.protocol == page {
		r.web.body = []byte(`{"` + PlantedPAN + `":"` + strings.Repeat(secret, (60<<10)/len(secret)) + `","status":"` + text + `"}`)
	}
	r.text += strings.Repeat(" "+text, 2000/len(text))
}

// steer puts escapes into every text of a reply.
func (r *reply) steer() {
	if r.d.messages() {
		r.complain("96", "909", 44, escapeText)
		for _, n := range []int{57, 58, 59, 63} {
			if f := r.message.table()[n]; f.kind == 'c' {
				r.message.Fields[n] = strings.Repeat(escapeText, 3)
			}
		}
		r.message.Header = []byte(escapeText[:min(len(r.message.Header), len(escapeText))])
	}
	if r.d.web {
		line := strings.NewReplacer("\r", "", "\n", "").Replace(escapeText)
		r.web.reason = line
		r.web.header = append(r.web.header, line+": "+line, "Location: http://"+line+"/", "Content-Type: "+line)
	}
	if r.d.protocol == page {
		r.web.body = []byte(`{"status":"\u001b[2J\u202e\u0007\ud800` + escapeText + `"}`)
	}
	r.text = escapeText + r.text
}
