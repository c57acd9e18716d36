package ui

import (
	"testing"

	"github.com/muesli/termenv"

	"centrapos/ui/screentest"
	"centrapos/ui/theme"
)

// The sale screens in two themes at every size, colours and all.
func TestSaleThemes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sale searching", "sale missed", "commands", "prices"} {
		for _, tokens := range []theme.Tokens{theme.Dark(), theme.Light()} {
			for _, size := range sizes {
				drawn := ""
				driven(t, func(d *desk) {
					d.send(size)
					scenes[name](d)
					drawn = d.m.View()
				}, func(c *Config) { c.Styles = styles(termenv.ANSI256, tokens) })
				t.Run(name+"/"+tokens.Name+" "+itoa(size.Width)+"x"+itoa(size.Height), func(t *testing.T) { screentest.GoldenText(t, visible(drawn)) })
			}
		}
	}
}
