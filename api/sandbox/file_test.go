package sandbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func fileRig(t testing.TB, path string, opts ...sandbox.Option) *rig {
	t.Helper()
	return newRig(t, append([]sandbox.Option{sandbox.WithFile(path)}, opts...)...)
}

func filePath(t testing.TB) string { return filepath.Join(t.TempDir(), "sandbox.jsonl") }

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestFileSurvivesTheProcess(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path)
	paid, open, cancelled := r.create(nil), r.create(photoID()), r.create(nil)
	r.pay(paid.ID, nil)
	r.get(open.ID)
	r.void(cancelled.ID)
	preAuth := r.create(m{"preAuth": true, "lineItems": []m{{"name": "Gumboots", "qty": "1", "price": "1250", "tax": "15.00"}}})
	r.pay(preAuth.ID, nil)
	before, err := r.svc.Requests()
	if err != nil {
		t.Fatal(err)
	}
	again := fileRig(t, path)
	after, err := again.svc.Requests()
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("%v\nbefore %+v\nafter  %+v", err, before, after)
	}
	if got := ok[api.PaymentRequest](again, get, at("short-code", paid.ShortCode), nil); got.ID != paid.ID {
		t.Errorf("by short code: %+v", got)
	}
	if page := again.listed("T1-0042", ""); len(page.Items) != 4 {
		t.Errorf("by reference: %d", len(page.Items))
	}
	if a := again.pay(paid.ID, nil); a.ActivityNumber != "2" {
		t.Errorf("the repeat of a payment: %+v", a)
	}
	if a := again.void(paid.ID); a.Type != api.ActivityRefund {
		t.Errorf("void: %+v", a)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file mode %v, %v", info.Mode(), err)
	}
}

// Two processes with one file are one service.
func TestFileIsShared(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	till, phone := fileRig(t, path), fileRig(t, path, sandbox.WithSeed(2))
	id := till.create(nil).ID
	phone.must(phone.svc.Pay(id, sandbox.PayOptions{}))
	till.wantStatus(id, api.StatusPaid, "")
	phone.create(nil)
	till.create(nil)
	for name, r := range map[string]*rig{"till": till, "phone": phone} {
		if all, err := r.svc.Requests(); err != nil || len(all) != 3 {
			t.Errorf("the %s sees %d requests (%v)", name, len(all), err)
		}
	}
}

// Who comes to pay is settled when the request is made, whoever looks at it later.
func TestAutomaticCustomerOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	sale := fileRig(t, path, sandbox.WithPatron(sandbox.Automatic(3*time.Second)))
	his := sale.create(nil).ID
	till := fileRig(t, path, sandbox.WithSeed(2))
	mine := till.create(nil).ID
	for _, r := range []*rig{sale, till} {
		r.clock.advance(10 * time.Second)
		if _, err := r.svc.Requests(); err != nil {
			t.Fatal(err)
		}
		r.wantStatus(his, api.StatusPaid, "")
		r.wantStatus(mine, api.StatusNew, "")
	}
}

func TestFileIsSharedAtTheSameTime(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	var wg sync.WaitGroup
	for i := range 4 {
		r := fileRig(t, path, sandbox.WithSeed(uint64(i)))
		wg.Go(func() {
			for range 10 {
				if w := r.call(post, requests, coffee()); w.Code != 200 {
					t.Errorf("create answered %d %s", w.Code, w.Body)
				}
			}
		})
	}
	wg.Wait()
	if all, err := fileRig(t, path).svc.Requests(); err != nil || len(all) != 40 {
		t.Errorf("%d requests are kept (%v)", len(all), err)
	}
}

// What cannot be saved did not happen, and what was saved before stays.
func TestFailedSaveChangesNothing(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path)
	id, asked := r.create(nil).ID, r.create(nil).ID
	raiseIt(r, asked)
	before := readFile(t, path)
	r.must(os.Mkdir(path+".tmp", 0o700)) // where the next version would be written
	for _, c := range []struct{ path, body string }{
		{requests, createJSON},
		{at(id, "void"), ""},
		{at(asked, acceptOne...), ""},
		{at(asked, declineOne...), ""},
		{at(id, "pay"), fmt.Sprintf(`{"assetType":"centrapay.nzd.test","assetId":%q,"idempotencyKey":"k"}`, sandbox.WalletOf("centrapay.nzd.test"))},
	} {
		w := r.call(post, c.path, c.body)
		if w.Code != 500 || !strings.Contains(w.Body.String(), "SERVER ERROR") || strings.Contains(w.Body.String(), path) {
			t.Errorf("%s answered %d %s", c.path, w.Code, w.Body)
		}
	}
	if err := r.svc.Cancel(id); err == nil || !strings.Contains(err.Error(), "keep the sandbox's requests") {
		t.Errorf("cancel: %v", err)
	}
	r.wantStatus(id, api.StatusNew, "")
	if got := r.get(asked); got.MerchantConditions[0].Status != api.ConditionAwaitingMerchant {
		t.Errorf("an answer that was not kept left %v", got.MerchantConditions)
	}
	if after := readFile(t, path); !bytes.Equal(before, after) {
		t.Errorf("the file changed:\n%s\n%s", before, after)
	}
	r.must(os.Remove(path + ".tmp"))
	if a := r.void(id); a.Type != api.ActivityCancellation {
		t.Errorf("once it can be saved again: %+v", a)
	}
}

// A process that died while it wrote leaves a half of the next version beside
// the file.
func TestHalfWrittenNextVersionIsIgnored(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	id := fileRig(t, path).create(nil).ID
	whole := readFile(t, path)
	if err := os.WriteFile(path+".tmp", whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	r := fileRig(t, path)
	r.wantStatus(id, api.StatusNew, "")
	r.void(id)
	fileRig(t, path).wantStatus(id, api.StatusCancelled, api.CancelledByMerchant)
}

func TestDamagedFileIsNamed(t *testing.T) {
	t.Parallel()
	whole := filePath(t)
	fileRig(t, whole).create(nil)
	good := string(readFile(t, whole))
	header, line, _ := strings.Cut(strings.TrimSpace(good), "\n")
	for name, content := range map[string]string{
		"empty":          "",
		"something else": "[profiles.live]\nconfig_id = \"mc_1\"\n",
		"other JSON":     `{"hello":"world"}` + "\n",
		"older version":  strings.Replace(good, `"centrapaySandbox":2`, `"centrapaySandbox":1`, 1),
		"newer version":  strings.Replace(good, `"centrapaySandbox":2`, `"centrapaySandbox":3`, 1),
		"truncated":      good[:len(good)-40],
		"twice":          good + line + "\n",
		"no id":          header + "\n{}\n",
		"odd status":     strings.Replace(good, `"status":"new"`, `"status":"lost"`, 1),
		"no history":     header + "\n" + `{"id":"x","shortCode":"CP-000-000","status":"new"}` + "\n",
		"zeros":          strings.Repeat("\x00", 4096),
	} {
		path := filePath(t)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := sandbox.New(sandbox.WithFile(path))
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "move it away") {
			t.Errorf("%s: %v", name, err)
		}
		if got := string(readFile(t, path)); got != content {
			t.Errorf("%s: the damaged file was changed", name)
		}
	}
}

// A file of another version is known as that, and one of an older is set aside once,
// whoever else does the same.
func TestFilesOfOtherVersions(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path)
	r.create(nil)
	good := string(readFile(t, path))
	if moved, err := sandbox.SetAside(path); err != nil || moved != "" {
		t.Errorf("a file of today was moved to %q (%v)", moved, err)
	}
	for version, older := range map[int]bool{1: true, 3: false} {
		path := filePath(t)
		content := strings.Replace(good, `"centrapaySandbox":2`, fmt.Sprintf(`"centrapaySandbox":%d`, version), 1)
		r.must(os.WriteFile(path, []byte(content), 0o600))
		_, err := sandbox.New(sandbox.WithFile(path))
		var other *sandbox.FileVersionError
		if !errors.As(err, &other) || other.Path != path || other.Version != version || other.Older() != older {
			t.Fatalf("version %d: %v", version, err)
		}
		r.must(os.WriteFile(path+".old-1", []byte("an earlier one"), 0o600))
		names := make(chan string, 8)
		var all sync.WaitGroup
		for range cap(names) {
			all.Go(func() {
				moved, err := sandbox.SetAside(path)
				if err != nil {
					t.Error(err)
				}
				names <- moved
			})
		}
		all.Wait()
		close(names)
		var moved []string
		for name := range names {
			if name != "" {
				moved = append(moved, name)
			}
		}
		switch {
		case !older && (len(moved) != 0 || string(readFile(t, path)) != content):
			t.Errorf("a file of a later version was moved to %v", moved)
		case older && (len(moved) != 1 || moved[0] != path+".old-1-2" || string(readFile(t, moved[0])) != content):
			t.Errorf("moved to %v", moved)
		case older:
			fileRig(t, path).create(nil)
		}
	}
	if moved, err := sandbox.SetAside(filepath.Join(t.TempDir(), "none")); err != nil || moved != "" {
		t.Errorf("no file was moved to %q (%v)", moved, err)
	}
}

func TestFileThatCannotBe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "missing", "sandbox.jsonl"), ""} {
		if _, err := sandbox.New(sandbox.WithFile(path)); err == nil {
			t.Errorf("%q is accepted", path)
		}
	}
}

func TestFileForgetsWhatEndedLongAgo(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path)
	r.void(r.create(nil).ID)
	held := r.create(m{"preAuth": true}).ID
	r.pay(held, nil)
	c := &clock{t: start.Add(91 * 24 * time.Hour)}
	later := fileRig(t, path, sandbox.WithClock(c.now))
	if all, err := later.svc.Requests(); err != nil || len(all) != 1 || all[0].ID != held {
		t.Errorf("remembered %+v, %v", all, err)
	}
}
