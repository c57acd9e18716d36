package assets_test

import (
	"html/template"
	"regexp"
	"strings"
	"testing"

	"centrapos/assets"
)

func TestPagesAreWholeAndLoadNothing(t *testing.T) {
	t.Parallel()
	files, err := assets.PageTemplates()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := template.ParseFS(files, "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pay", "connect", "control", "login"} {
		if pages.Lookup(name) == nil {
			t.Errorf("no page %s", name)
		}
	}
	for what, text := range map[string]string{"style": assets.PageStyle(), "script": assets.PageScript()} {
		if len(text) < 500 {
			t.Errorf("the %s is empty", what)
		}
		if found := regexp.MustCompile(`https?:|//[a-z]+\.|@import|url\(|eval\(|innerHTML`).FindString(text); found != "" {
			t.Errorf("the %s contains %s", what, found)
		}
	}
}

// Green stands for money that has arrived, in each of the two palettes.
func TestPagePalettesNameTheSameColours(t *testing.T) {
	t.Parallel()
	palettes := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(assets.PageStyle(), -1)
	if len(palettes) != 2 {
		t.Fatalf("%d palettes, want one for light and one for dark", len(palettes))
	}
	names := func(palette string) string {
		return strings.Join(regexp.MustCompile(`--[a-z-]+`).FindAllString(palette, -1), " ")
	}
	if light, dark := names(palettes[0][1]), names(palettes[1][1]); light != dark {
		t.Errorf("light names %s\ndark names %s", light, dark)
	}
}
