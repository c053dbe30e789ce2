package samples

import (
	"context"
	"fmt"
	"sync"
)

// Each stage is a function from channel to channel. Whoever has seen enough cancels, and every stage ends.
func Example_pipeline() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var stages sync.WaitGroup
	stages.Add(2)

	generate := func() <-chan int {
		out := make(chan int)
		go func() {
			defer stages.Done()
			defer close(out)
			for n := 1; ; n++ {
				select {
				case out <- n:
				case <-ctx.Done():
					return
				}
			}
		}()
		return out
	}

	square := func(in <-chan int) <-chan int {
		out := make(chan int)
		go func() {
			defer stages.Done()
			defer close(out)
			for n := range in {
				select {
				case out <- n * n:
				case <-ctx.Done():
					return
				}
			}
		}()
		return out
	}

	for n := range square(generate()) {
		if n > 50 {
			break
		}
		fmt.Println(n)
	}

	cancel()
	stages.Wait()
	fmt.Println("every stage has ended")

	// Output:
	// 1
	// 4
	// 9
	// 16
	// 25
	// 36
	// 49
	// every stage has ended
}
