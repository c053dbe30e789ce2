// The Go side of the channel benchmarks: reads "row n" from standard input, runs the row n times, and answers with CPU ns, wall ns and bytes.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"sort"
	"sync"
	"syscall"
	"time"
)

type usage struct{ cpu, wall, bytes int64 }

func now() usage {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{r.Utime.Nano() + r.Stime.Nano(), time.Now().UnixNano(), int64(m.TotalAlloc)}
}

func (u usage) since(start usage) usage {
	return usage{u.cpu - start.cpu, u.wall - start.wall, u.bytes - start.bytes}
}

func (u usage) plus(v usage) usage { return usage{u.cpu + v.cpu, u.wall + v.wall, u.bytes + v.bytes} }

var rows = map[string]func(n int){
	"PingPong": pingPong,
	"OneWay":   oneWay,
	"Buffer1":  func(n int) { buffered(n, 1) },
	"Buffer4":  func(n int) { buffered(n, 4) },
	"Alone":    alone,
	"Select2":  select2,
	"Select4":  select4,
	"Select8":  select8,
	"TryNone":  tryNone,
	"TryReady": tryReady,
	"OrToken":  orToken,
	"OrTimer":  orTimer,
	"Worker16": func(n int) { worker(n, 16) },
	"Worker0":  func(n int) { worker(n, 0) },
}

func main() {
	in := bufio.NewReader(os.Stdin)
	for {
		var row string
		var n int
		if _, err := fmt.Fscan(in, &row, &n); err != nil {
			return
		}
		var used usage
		switch row {
		case "BusySender20":
			fmt.Println(busySender(n, 20*time.Microsecond)...)
			continue
		case "BusySender2000":
			fmt.Println(busySender(n, 2000*time.Microsecond)...)
			continue
		case "Close":
			used = closeMany(n)
		default:
			start := now()
			rows[row](n)
			used = now().since(start)
		}
		fmt.Println(used.cpu, used.wall, used.bytes)
	}
}

func pingPong(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			pong <- <-ping
		}
	}()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
}

func oneWay(n int) {
	c := make(chan int)
	go send(c, n)
	for i := 0; i < n; i++ {
		<-c
	}
}

func send(c chan<- int, n int) {
	for i := 0; i < n; i++ {
		c <- i
	}
}

func buffered(n, parties int) {
	c := make(chan int, 100)
	var senders, receivers sync.WaitGroup
	senders.Add(parties)
	receivers.Add(parties)
	for p := 0; p < parties; p++ {
		go func() {
			defer senders.Done()
			send(c, n/parties)
		}()
		go func() {
			defer receivers.Done()
			for range c {
			}
		}()
	}
	senders.Wait()
	close(c)
	receivers.Wait()
}

func alone(n int) {
	c := make(chan int, 1)
	for i := 0; i < n; i++ {
		c <- i
		<-c
	}
}

func channels(n, count int) []chan int {
	cs := make([]chan int, count)
	for i := range cs {
		cs[i] = make(chan int)
	}
	go func() {
		for i := 0; i < n; i++ {
			cs[i%count] <- i
		}
	}()
	return cs
}

func select2(n int) {
	c := channels(n, 2)
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		}
	}
}

func select4(n int) {
	c := channels(n, 4)
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		}
	}
}

func select8(n int) {
	c := channels(n, 8)
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		case <-c[4]:
		case <-c[5]:
		case <-c[6]:
		case <-c[7]:
		}
	}
}

func tryNone(n int) {
	a, b := make(chan int, 1), make(chan int, 1)
	for i := 0; i < n; i++ {
		select {
		case <-a:
			panic("nobody sends")
		case <-b:
			panic("nobody sends")
		default:
		}
	}
}

func tryReady(n int) {
	a, b := make(chan int, 1), make(chan int, 1)
	for i := 0; i < n; i++ {
		if i%2 == 0 {
			a <- i
		} else {
			b <- i
		}
		select {
		case <-a:
		case <-b:
		default:
			panic("one is ready")
		}
	}
}

func orToken(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int)
	go send(c, n)
	for i := 0; i < n; i++ {
		select {
		case <-c:
		case <-ctx.Done():
			return
		}
	}
}

func orTimer(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int)
	go send(c, n)
	timer := time.NewTimer(5 * time.Second)
	for i := 0; i < n; i++ {
		reset(timer)
		select {
		case <-c:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func reset(timer *time.Timer) {
	if !timer.Stop() {
		select {
		case <-timer.C:
		default:
		}
	}
	timer.Reset(5 * time.Second)
}

func closeMany(n int) usage {
	const waiters = 1000
	var used usage
	for done := 0; done < n; done += waiters {
		c := make(chan int)
		var woken sync.WaitGroup
		woken.Add(waiters)
		for i := 0; i < waiters; i++ {
			go func() {
				<-c
				woken.Done()
			}()
		}
		time.Sleep(2 * time.Millisecond) // now all of them wait
		start := now()
		close(c)
		woken.Wait()
		used = used.plus(now().since(start))
	}
	return used
}

func worker(n, room int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	jobs, control, results := make(chan int), make(chan int), make(chan int, room)
	go send(jobs, n)
	go func() {
		timer := time.NewTimer(5 * time.Second)
		in, out, next := jobs, results, 0
		out = nil
		for {
			reset(timer)
			select {
			case next = <-in:
				in, out = nil, results
			case out <- next:
				in, out = jobs, nil
			case <-control:
			case <-timer.C:
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	for i := 0; i < n; i++ {
		<-results
	}
}

// The latency of n values whose sender works for each, and never pauses while there is room.
func busySender(n int, work time.Duration) []any {
	begin, c := make(chan bool), make(chan time.Time, 100)
	go func() {
		<-begin
		for i := 0; i < n; i++ {
			start := time.Now()
			c <- start
			for time.Since(start) < work {
			}
		}
	}()
	time.Sleep(5 * time.Millisecond) // now the sender waits
	begin <- true
	latencies := make([]int, n)
	for i := range latencies {
		latencies[i] = int(time.Since(<-c))
	}
	sort.Ints(latencies)
	return []any{latencies[n/10], latencies[n/2], latencies[n*99/100], latencies[n*999/1000], latencies[n-1]}
}
