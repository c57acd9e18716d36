package screentest

import (
	"image/color"
	"io"
	"strings"
	"sync"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// Screen is a terminal of a fixed size in memory. What is written to it is
// interpreted as a terminal would; all methods may be called from any goroutine.
type Screen struct {
	mu      sync.Mutex
	em      *vt.Emulator
	drained chan struct{}
}

// Cell is what one position of a Screen shows, with the colours as they end up:
// palette entries looked up, defaults filled in and reverse video applied.
type Cell struct {
	// Text is the character with its combining marks; empty in the second half of
	// a wide character.
	Text string
	// Width is 1 or 2, and 0 in the second half of a wide character.
	Width      int
	Foreground color.RGBA
	Background color.RGBA
	Bold       bool
	Reverse    bool
}

// NewScreen makes a Screen of cols by rows cells, white on black. What a terminal
// would send back to the program is thrown away. Close it when done.
func NewScreen(cols, rows int) *Screen { return newScreen(cols, rows, io.Discard) }

func newScreen(cols, rows int, replies io.Writer) *Screen {
	s := &Screen{em: vt.NewEmulator(cols, rows), drained: make(chan struct{})}
	go func() {
		defer close(s.drained)
		// The emulator blocks in Write until its replies are read, so reading goes
		// on to the end even when nobody wants them any more.
		if _, err := io.Copy(replies, s.em); err != nil {
			_, _ = io.Copy(io.Discard, s.em)
		}
	}()
	return s
}

// Close stops the goroutine that takes the emulator's replies. The content can
// still be read afterwards.
func (s *Screen) Close() {
	// Emulator.Close writes a field that the reading goroutine reads without a
	// lock; closing the pipe ends the reading without that race.
	if pipe, ok := s.em.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	<-s.drained
}

// Write interprets p as terminal output.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.em.Write(p)
}

// Draw clears the screen and shows text from the top left corner, line by line,
// as if a program had painted it.
func (s *Screen) Draw(text string) {
	var b strings.Builder
	b.WriteString("\x1b[m\x1b[2J\x1b[H")
	b.WriteString(strings.ReplaceAll(text, "\n", "\r\n"))
	_, _ = s.Write([]byte(b.String()))
}

// Resize changes the size to cols by rows cells.
func (s *Screen) Resize(cols, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.em.Resize(cols, rows)
}

// Size returns the screen's width and height in cells.
func (s *Screen) Size() (cols, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.em.Width(), s.em.Height()
}

// SetDefaults sets the colours of text and ground where the program asks for
// none: SetDefaults(color.Black, color.White) makes a light terminal.
func (s *Screen) SetDefaults(foreground, background color.Color) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.em.SetDefaultForegroundColor(foreground)
	s.em.SetDefaultBackgroundColor(background)
}

// SetPalette gives the terminal a theme: the first len(colours) of its 256
// indexed colours are replaced.
func (s *Screen) SetPalette(colours ...color.Color) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, c := range colours {
		s.em.SetIndexedColor(i, c)
	}
}

// String returns the text on the screen, one line for each row, without the
// blanks at the ends of lines and without colours.
func (s *Screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.em.String()
}

// Lines returns the text of each row as String shows it.
func (s *Screen) Lines() []string { return strings.Split(s.String(), "\n") }

// Contains tells whether text stands on one row of the screen.
func (s *Screen) Contains(text string) bool { return strings.Contains(s.String(), text) }

// Find returns the column and row of the first place where text stands on the
// screen.
func (s *Screen) Find(text string) (col, row int, found bool) {
	for row, line := range s.Lines() {
		if before, _, ok := strings.Cut(line, text); ok {
			return ansi.StringWidth(before), row, true
		}
	}
	return 0, 0, false
}

// Cursor returns the column and row of the cursor.
func (s *Screen) Cursor() (col, row int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.em.CursorPosition()
	return p.X, p.Y
}

// Cell returns what the position shows; a position outside the screen shows an
// empty cell.
func (s *Screen) Cell(col, row int) Cell {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cell(col, row)
}

func (s *Screen) cell(col, row int) Cell {
	out := Cell{Text: " ", Width: 1}
	var style uv.Style
	if c := s.em.CellAt(col, row); c != nil {
		out.Text, out.Width, style = c.Content, c.Width, c.Style
	}
	out.Foreground = s.colour(style.Fg, s.em.ForegroundColor())
	out.Background = s.colour(style.Bg, s.em.BackgroundColor())
	out.Bold = style.Attrs&uv.AttrBold != 0
	out.Reverse = style.Attrs&uv.AttrReverse != 0
	if out.Reverse {
		out.Foreground, out.Background = out.Background, out.Foreground
	}
	return out
}

func (s *Screen) colour(c, fallback color.Color) color.RGBA {
	switch c := c.(type) {
	case nil:
		return rgba(fallback)
	case ansi.BasicColor:
		return rgba(s.em.IndexedColor(int(c)))
	case ansi.IndexedColor:
		return rgba(s.em.IndexedColor(int(c)))
	}
	return rgba(c)
}

func rgba(c color.Color) color.RGBA {
	out, _ := color.RGBAModel.Convert(c).(color.RGBA)
	return out
}
