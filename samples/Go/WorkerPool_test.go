package samples

import (
	"fmt"
	"sync"
)

// Three workers share the jobs; whoever is free takes the next one.
func Example_workerPool() {
	jobs := make(chan int, 10)
	results := make(chan int, 10)

	var workers sync.WaitGroup
	for w := 1; w <= 3; w++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for job := range jobs {
				results <- job * job
			}
		}()
	}

	go func() {
		defer close(jobs)
		for job := 1; job <= 100; job++ {
			jobs <- job
		}
	}()

	go func() {
		workers.Wait()
		close(results)
	}()

	count, sum := 0, 0
	for result := range results {
		count++
		sum += result
	}
	fmt.Printf("%d jobs done, the squares add up to %d\n", count, sum)

	// Output:
	// 100 jobs done, the squares add up to 338350
}
