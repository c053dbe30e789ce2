package samples

import (
	"fmt"
	"sort"
)

// Two channels become one. A channel that is closed is set to nil, which switches its case off.
func fanIn(a, b <-chan string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for a != nil || b != nil {
			select {
			case line, ok := <-a:
				if !ok {
					a = nil
					continue
				}
				out <- line
			case line, ok := <-b:
				if !ok {
					b = nil
					continue
				}
				out <- line
			}
		}
	}()
	return out
}

func talk(name string, lines int) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for i := 1; i <= lines; i++ {
			out <- fmt.Sprintf("%s %d", name, i)
		}
	}()
	return out
}

func Example_fanIn() {
	var heard []string
	for line := range fanIn(talk("Ann", 2), talk("Joe", 3)) {
		heard = append(heard, line)
	}
	sort.Strings(heard)
	fmt.Println(heard)

	// Output:
	// [Ann 1 Ann 2 Joe 1 Joe 2 Joe 3]
}
