package samples

import (
	"fmt"
	"time"
)

// A buffered channel holds the tokens: three at once, then one every 100 ms. A token that finds the buffer full is dropped.
func Example_rateLimiter() {
	const burst, every = 3, 100 * time.Millisecond
	tokens := make(chan struct{}, burst)
	for i := 0; i < burst; i++ {
		tokens <- struct{}{}
	}

	stop := make(chan struct{})
	defer close(stop)
	go func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				select {
				case tokens <- struct{}{}:
				default:
				}
			case <-stop:
				return
			}
		}
	}()

	start := time.Now()
	for request := 1; request <= 6; request++ {
		select {
		case <-tokens:
			fmt.Println("request", request, "at once")
		default:
			<-tokens
			fmt.Println("request", request, "in its turn")
		}
	}
	fmt.Println("held back:", time.Since(start) >= 2*every)

	// Output:
	// request 1 at once
	// request 2 at once
	// request 3 at once
	// request 4 in its turn
	// request 5 in its turn
	// request 6 in its turn
	// held back: true
}
