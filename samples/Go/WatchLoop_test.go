package samples

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"
)

// A cluster of which one can ask to be told what changes. A watch ends after a while, as real ones do, and is then begun again.
type cluster struct {
	watches [][]string
	refuse  int
	cancel  func()
}

func (c *cluster) watch() <-chan string {
	changes := make(chan string, 10)
	if len(c.watches) == 0 {
		return changes // quiet from now on
	}
	for _, name := range c.watches[0] {
		changes <- name
	}
	c.watches = c.watches[1:]
	close(changes)
	return changes
}

func (c *cluster) reconcile(names []string) bool {
	if c.refuse > 0 {
		c.refuse--
		fmt.Println("conflict on", strings.Join(names, ", "))
		return false
	}
	fmt.Println("reconciled", strings.Join(names, ", "))
	return true
}

// The loop of an operator: gathers changes until they pause, reconciles, tries again later when that fails, watches again when the watch ends, and looks at everything now and then.
func operate(ctx context.Context, c *cluster) {
	const pause, retry, all = 100 * time.Millisecond, 100 * time.Millisecond, 600 * time.Millisecond
	dirty := map[string]bool{}
	changes := c.watch()
	resync := time.After(all)
	var due <-chan time.Time
	for {
		select {
		case name, ok := <-changes:
			if !ok {
				changes = c.watch()
				continue
			}
			dirty[name] = true
			due = time.After(pause)
		case <-due:
			due = nil
			var names []string
			for name := range dirty {
				names = append(names, name)
			}
			sort.Strings(names)
			if !c.reconcile(names) {
				due = time.After(retry)
				continue
			}
			dirty = map[string]bool{}
		case <-resync:
			fmt.Println("looked at everything")
			c.cancel()
		case <-ctx.Done():
			fmt.Println("stopped")
			return
		}
	}
}

func Example_watchLoop() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := &cluster{watches: [][]string{{"web", "db", "web"}, {"cache"}}, refuse: 1, cancel: cancel}
	operate(ctx, c)

	// Output:
	// conflict on cache, db, web
	// reconciled cache, db, web
	// looked at everything
	// stopped
}
