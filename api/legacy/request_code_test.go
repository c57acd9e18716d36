package legacy

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRequestCodes(t *testing.T) {
	t.Parallel()
	const page, id = "https://app.centrapay.com/pay/TyqV56mEkNLUeiY2QskHNR", "TyqV56mEkNLUeiY2QskHNR"
	const hexed = "centrapay:68747470733A2F2F6170702E63656E74726170" + "61792E636F6D2F7061792F54797156" + "35366D456B4E4C55656959325173" + "6B484E52"
	tests := []struct {
		name, text string
		url, id    string
		err        error
	}{
		{"hex", hexed, page, id, nil},
		{"hex, small letters", strings.ToLower(hexed), page, id, nil},
		{"hex, all capitals", strings.ToUpper(hexed), page, id, nil},
		{"a page", page, page, id, nil},
		{"a page in white space", "\r\n " + page + "\t", page, id, nil},
		{"a page without encryption", "http://localhost:8080/pay/x-1", "http://localhost:8080/pay/x-1", "x-1", nil},
		{"another page", "https://app.centrapay.com/faq", "https://app.centrapay.com/faq", "", nil},
		{"a page below a request's", page + "/refund", page + "/refund", "", nil},
		{"an id", "cp_9e98c00c-1556-4c95-ba78-2dd1fc97fc5b", "", "9e98c00c-1556-4c95-ba78-2dd1fc97fc5b", nil},
		{"no id", "cp_../void", "", "", nil},
		{"opaque", "JL9mAFVaK71wTDVoM6NH7w", "", "", nil},

		{"nothing", " \n", "", "", errCodeEmpty},
		{"as the samples print it", "centrapay:68747470733A2F2F63656E74726170...", "", "", errCodeHex},
		{"half a byte", hexed[:len(hexed)-1], "", "", errCodeHex},
		{"no hex", "centrapay:", "", "", errCodeHex},
		{"hex of a script", EncodeRequestCode("javascript:alert(1)"), "", "", errCodeURL},
		{"hex of a cut page", EncodeRequestCode("https://"), "", "", errCodeURL},
		{"hex of a terminal's commands", EncodeRequestCode("https://app.centrapay.com/\x1b[2J"), "", "", errCodeURL},
		{"hex of two lines", EncodeRequestCode("https://app.centrapay.com/\nx"), "", "", errCodeURL},
		{"hex of another direction", EncodeRequestCode("https://app.centrapay.com/\u202ex"), "", "", errCodeURL},
		{"hex of bytes", EncodeRequestCode("https://app.centrapay.com/\xff"), "", "", errCodeURL},
		{"a host passed off as another", "https://app.centrapay.com@evil.test/pay/x", "", "", errCodeURL},
		{"another scheme", "ftp://app.centrapay.com/pay/x", "", "", errCodeURL},
		{"two words", "JL9mAFV aK71", "", "", errCodeText},
		{"a control character", "JL9m\x07", "", "", errCodeText},
		{"too long", strings.Repeat("a", MaxRequestCode+1), "", "", errCodeTooLong},
	}
	for _, tt := range tests {
		code, err := ParseRequestCode(tt.text)
		if err != tt.err { //nolint:errorlint // the very error is what is tested
			t.Errorf("%s: got error %v, want %v", tt.name, err, tt.err)
			continue
		}
		want := RequestCode{URL: tt.url, RequestID: tt.id}
		if err == nil {
			want.Text = strings.TrimSpace(tt.text)
		}
		equal(t, tt.name, code, want)
	}
}

func TestRequestCodesSayThePageTheyWereMadeOf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		page := rapid.StringMatching(`https?://[a-z]{1,9}\.nz(:[0-9]{1,4})?/pay/[A-Za-z0-9-]{0,22}(\?[a-zé=&]{0,9})?`).Draw(rt, "page")
		code, err := ParseRequestCode(EncodeRequestCode(page))
		if err != nil || code.URL != page {
			rt.Fatalf("got %+v, %v", code, err)
		}
		if code.RequestID != "" && !strings.Contains(page, "/pay/"+code.RequestID) {
			rt.Fatalf("%q has no request %q", page, code.RequestID)
		}
	})
}
