package samples

import "fmt"

// Sends 2, 3, 4, … for ever.
func generate(out chan<- int) {
	for i := 2; ; i++ {
		out <- i
	}
}

// Lets through what the prime does not divide.
func filter(in <-chan int, out chan<- int, prime int) {
	for {
		i := <-in
		if i%prime != 0 {
			out <- i
		}
	}
}

// Every prime adds a filter to the chain. Here the goroutines are left behind; in C# the group ends them.
func Example_primeSieve() {
	ch := make(chan int)
	go generate(ch)
	for i := 0; i < 10; i++ {
		prime := <-ch
		fmt.Println(prime)
		next := make(chan int)
		go filter(ch, next, prime)
		ch = next
	}

	// Output:
	// 2
	// 3
	// 5
	// 7
	// 11
	// 13
	// 17
	// 19
	// 23
	// 29
}
