//go:build unix

package cli

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"centrapos/api/sandbox"
)

var (
	crashMoments = flag.Int("crash.moments", 0, "at how many moments TestCrash kills the program; 0 is a few that are quick")
	crashSeed    = flag.Uint64("crash.seed", 1, "the seed that the moments of TestCrash are drawn from")
	crashSales   = flag.Int("crash.sales", 0, "how many sales the ledger of TestStartOnALongLedger has; 0 is few")
	crashOnly    = flag.String("crash.only", "", "the one case of TestCrash to play, as a failure names it")
)

// TestCrash kills the built program, as a power cut would, in the middle of a sale,
// a refund, a confirmation, a release or a void at a sandbox where things go wrong,
// starts it again until it says that nothing is left, and holds what its record
// says against what the service has.
func TestCrash(t *testing.T) {
	t.Parallel()
	table := &crashTable{}
	switch {
	case *crashOnly != "":
		plan, err := parseCrashCase(*crashOnly)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(plan)
		got := playCrash(t, *crashOnly, plan)
		t.Logf("killed: %v, %s; it ended as %q", got.killed, got.step, got.outcome)
	case *crashMoments == 0:
		for _, c := range quickCrashes() {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if got := playCrash(t, c.name, c.plan); !got.killed {
					t.Errorf("it ended by itself before it was killed")
				}
			})
		}
	default:
		groups := crashGroups()
		for _, g := range groups {
			t.Run(g.String(), func(t *testing.T) {
				t.Parallel()
				g.play(t, (*crashMoments+len(groups)-1)/len(groups), table)
			})
		}
		t.Cleanup(func() { t.Log(table) })
	}
}

// play plays cases of the group until the program was killed so many times. Some
// moments never come, since the program ends before.
func (g crashGroup) play(t *testing.T, moments int, table *crashTable) {
	next := 0
	for killed := table.kills(g); killed < moments; killed = table.kills(g) {
		if next > 4*moments {
			t.Fatalf("of %d moments only %d came", next, killed)
		}
		t.Run("wave", func(t *testing.T) {
			for range moments - killed {
				name := g.named(next)
				next++
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					plan := newCrashDice(*crashSeed, name).plan(g.kind, g.faulty)
					table.add(g, plan, playCrash(t, name, plan))
				})
			}
		})
	}
}

// crashTable counts what came of the cases.
type crashTable struct {
	mu    sync.Mutex
	rows  map[crashGroup]*crashRow
	steps map[string]int // how often the program was killed at each
	// violations counts what was not as it must be.
	violations int
}

type crashRow struct {
	cases, killed     int
	moments, outcomes map[string]int
}

func (c *crashTable) add(g crashGroup, plan crashPlan, got crashResult) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rows == nil {
		c.rows, c.steps = map[crashGroup]*crashRow{}, map[string]int{}
	}
	c.violations += got.violations
	row := c.rows[g]
	if row == nil {
		row = &crashRow{moments: map[string]int{}, outcomes: map[string]int{}}
		c.rows[g] = row
	}
	row.cases++
	row.outcomes[got.outcome]++
	if got.killed {
		c.steps[got.step]++
		row.killed++
		row.moments[plan.moment.sort()]++
	}
}

func (c *crashTable) kills(g crashGroup) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if row := c.rows[g]; row != nil {
		return row.killed
	}
	return 0
}

func (c *crashTable) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	cases, killed := 0, 0
	for _, g := range crashGroups() {
		if row := c.rows[g]; row != nil {
			cases, killed = cases+row.cases, killed+row.killed
			fmt.Fprintf(&b, "\n%-22v killed %3d of %3d: %s\n%22s so ended: %s", g, row.killed, row.cases, counted(row.moments), "", counted(row.outcomes))
		}
	}
	fmt.Fprintf(&b, "\nkilled at: %s\nviolations: %d", counted(c.steps), c.violations)
	return fmt.Sprintf("killed at %d moments in %d cases, seed %d%s", killed, cases, *crashSeed, b.String())
}

func counted(counts map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(parts, ", ")
}

// quickCase is a case of every test run.
type quickCase struct {
	name string
	plan crashPlan
}

// quickCrashes are moments of every kind that take no longer than a poll or two.
func quickCrashes() []quickCase {
	at := func(stage crashStage, endpoint string) crashMoment {
		return crashMoment{endpoint: endpoint, stage: stage, call: 1}
	}
	nobody := crashCustomer{does: "nothing", when: whenSeen}
	payer := func(when crashWhen) crashCustomer { return crashCustomer{does: "pays", when: when} }
	stopped := crashPlan{kind: crashSaleQR, variant: "plain", expiry: 60, customer: payer(whenKilled), stops: 50 * time.Millisecond,
		moment: at(stageLate, sandbox.EndpointVoid), faults: []string{"external-ref:status=502:1"}}
	return []quickCase{
		{"sale, its create answered to nobody", crashPlan{kind: crashSaleQR, variant: "plain", expiry: 60, customer: nobody, moment: at(stageAfter, sandbox.EndpointCreate)}},
		{"sale, its create arrives after its death", crashPlan{kind: crashSaleQR, variant: "plain", expiry: 60, customer: nobody, moment: at(stageLate, sandbox.EndpointCreate)}},
		{"sale, its request is in the record", crashPlan{kind: crashSaleQR, variant: "plain", expiry: 60, customer: payer(whenKilled), moment: crashMoment{entry: 2, wait: 50 * time.Millisecond}}},
		{"sale, void under way, paid meanwhile", stopped},
		{"sale by barcode, paid as it recovers", crashPlan{kind: crashSaleBarcode, variant: "app", expiry: 4, customer: payer(whenRecovering), moment: at(stageAnswered, sandbox.EndpointCreate)}},
		{"sale with a condition, accepted", crashPlan{kind: crashSaleCondition, variant: "accept", expiry: 4, customer: payer(whenSeen), moment: at(stageAfter, sandbox.EndpointAccept)}},
		{"sale at the screens, recovered by them", crashPlan{kind: crashSaleScreens, variant: "plain", expiry: 60, customer: payer(whenSeen), screens: true,
			moment: at(stageAfter, sandbox.EndpointGet)}},
		{"refund, its answer lost", crashPlan{kind: crashRefund, variant: "second", customer: nobody, moment: at(stageAfter, sandbox.EndpointRefund), faults: []string{"refund:status-after=502:2"}}},
		{"refund, before it left", crashPlan{kind: crashRefund, variant: "named", customer: nobody, moment: at(stageBefore, sandbox.EndpointRefund)}},
		{"confirmation, its answer lost twice", crashPlan{kind: crashConfirm, variant: "named", customer: nobody, moment: at(stageAfter, sandbox.EndpointConfirm),
			again: []crashMoment{at(stageBefore, sandbox.EndpointConfirm)}}},
		{"release, its answer lost", crashPlan{kind: crashRelease, variant: "confirmed", customer: nobody, moment: at(stageAfter, sandbox.EndpointRelease)}},
		{"void of what is paid, its answer lost", crashPlan{kind: crashVoid, variant: "paid", customer: nobody, moment: at(stageAfter, sandbox.EndpointVoid), faults: []string{"void:drop-after:2"}}},
		{"void, paid as it leaves", crashPlan{kind: crashVoid, variant: "left", customer: payer(whenKilled), moment: at(stageLate, sandbox.EndpointVoid)}},
	}
}
