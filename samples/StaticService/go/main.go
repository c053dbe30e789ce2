package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
)

type answer struct{ limit, primes int }

const workers = 4

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()

	questions := make(chan int)
	answers := make(chan answer, workers)
	var crew sync.WaitGroup

	go read(questions)
	for i := 0; i < workers; i++ {
		crew.Add(1)
		go work(stop, questions, answers, &crew)
	}

	go func() {
		crew.Wait()
		close(answers)
	}()
	for a := range answers {
		fmt.Println(a.limit, a.primes)
	}
}

func read(questions chan<- int) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if limit, err := strconv.Atoi(lines.Text()); err == nil {
			questions <- limit
		}
	}
	close(questions)
}

func work(stop context.Context, questions <-chan int, answers chan<- answer, crew *sync.WaitGroup) {
	defer crew.Done()
	for {
		select {
		case limit, ok := <-questions:
			if !ok {
				return
			}
			answers <- answer{limit, primesUpTo(limit)}
		case <-stop.Done():
			return
		}
	}
}

func primesUpTo(limit int) int {
	count := 0
	for candidate := 2; candidate <= limit; candidate++ {
		isPrime := true
		for divisor := 2; divisor*divisor <= candidate && isPrime; divisor++ {
			isPrime = candidate%divisor != 0
		}
		if isPrime {
			count++
		}
	}
	return count
}
