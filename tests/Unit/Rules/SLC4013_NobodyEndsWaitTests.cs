using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4013_NobodyEndsWaitTests() : RuleTest("SLC4013")
{
    [Fact]
    public Task Reports_the_loser_of_a_race() => Body("""
        var results = Channel.CreateBounded<int>(0);
        var work = Task.Run(async () => await [|results.Writer.WriteAsync(1)|]);
        if (await Task.WhenAny(work, Task.Delay(10)) != work && Environment.TickCount > 0)
        {
            return;
        }

        await results.Reader.ReadAsync();
        """);

    [Fact]
    public Task Reports_workers_that_wait_for_a_channel_that_nobody_closes() => Body("""
        var jobs = Channel.CreateUnbounded<int>();
        var worker = Task.Run(async () =>
        {
            [|await foreach (var job in jobs.Reader.ReadAllAsync())
            {
                Console.WriteLine(job);
            }|]
        });
        jobs.Writer.TryWrite(1);
        await worker;
        """);

    [Fact]
    public Task Reports_a_second_send_that_nobody_receives() => Body("""
        var channel = Channel.CreateBounded<int>(1);
        var producer = Task.Run(async () =>
        {
            await channel.Writer.WriteAsync(1);
            await [|channel.Writer.WriteAsync(2)|];
        });
        await producer;
        """);

    [Fact]
    public Task Reports_a_lock_that_the_awaited_work_wants() => Body("""
        var gate = new SemaphoreSlim(1, 1);
        await gate.WaitAsync();
        var work = Task.Run(async () =>
        {
            await [|gate.WaitAsync()|];
            gate.Release();
        });
        await work;
        gate.Release();
        """);

    [Fact]
    public Task Reports_a_completion_that_is_forgotten_on_one_way() => Body("""
        var done = new TaskCompletionSource();
        _ = Task.Run(() =>
        {
            if (Environment.TickCount > 0)
            {
                done.SetResult();
            }
        });
        [|await done.Task|];
        """);

    [Fact]
    public Task Reports_a_rendezvous_under_a_lock() => Reports("""
        class Store
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private readonly Channel<int> _events = Channel.CreateBounded<int>(0);

            public async Task AddAsync(int item)
            {
                await _gate.WaitAsync();
                try
                {
                    await _events.Writer.WriteAsync(item);
                }
                finally
                {
                    _gate.Release();
                }
            }

            public async Task PumpAsync()
            {
                while (true)
                {
                    await [|_gate.WaitAsync()|];
                    _gate.Release();
                    await _events.Reader.ReadAsync();
                }
            }
        }

        static class Program
        {
            static async Task RunAsync()
            {
                var store = new Store();
                var pump = store.PumpAsync();
                await store.AddAsync(1);
                await store.AddAsync(2);
            }
        }
        """);

    [Fact]
    public Task Reports_a_pulse_before_the_wait() => Body("""
        var gate = new object();
        var waiter = Task.Run(() =>
        {
            lock (gate)
            {
                [|Monitor.Wait(gate)|];
            }
        });
        lock (gate)
        {
            Monitor.Pulse(gate);
        }

        await waiter;
        """);

    [Fact]
    public Task Reports_a_countdown_that_an_early_return_leaves_short() => Body("""
        var pending = new CountdownEvent(2);
        for (int i = 0; i < 2; i++)
        {
            _ = Task.Run(() =>
            {
                if (Environment.TickCount > 3)
                {
                    return;
                }

                pending.Signal();
            });
        }

        [|pending.Wait()|];
        """);

    [Fact]
    public Task Reports_through_calls_fields_and_interfaces() => Reports("""
        interface ISink { ValueTask PutAsync(int item); }

        class Sink(int capacity) : ISink
        {
            private readonly Channel<int> _items = Channel.CreateBounded<int>(capacity);

            public ValueTask PutAsync(int item) => [|_items.Writer.WriteAsync(item)|];
        }

        class Source(ISink sink)
        {
            public async Task RunAsync()
            {
                foreach (var item in new[] { 1, 2 })
                {
                    await sink.PutAsync(item);
                }
            }
        }

        static class Program
        {
            static async Task RunAsync() => await Task.Run(() => new Source(new Sink(1)).RunAsync());
        }
        """);

    [Fact]
    public Task Reports_readers_of_a_list_of_channels() => Reports("""
        static class Program
        {
            static async Task RunAsync()
            {
                var channels = new List<Channel<int>> { Channel.CreateUnbounded<int>(), Channel.CreateUnbounded<int>() };
                channels[0].Writer.TryWrite(1);
                var first = Task.Run(() => ReadAsync(channels[0].Reader));
                var second = Task.Run(() => ReadAsync(channels[1].Reader));
                await Task.WhenAll(first, second);
            }

            static async Task ReadAsync(ChannelReader<int> reader) => await [|reader.ReadAsync()|];
        }
        """);

    [Fact]
    public Task Reports_an_event_that_is_set_and_reset() => Body("""
        var ready = new ManualResetEventSlim(false);
        var waiter = Task.Run(() => [|ready.Wait()|]);
        ready.Set();
        ready.Reset();
        await waiter;
        """);

    [Fact]
    public Task Reports_a_registration_that_never_comes() => Body("""
        using var source = new CancellationTokenSource();
        var done = new TaskCompletionSource();
        using var registration = source.Token.Register(() => done.TrySetResult());
        _ = Task.Run(() => Console.WriteLine());
        [|await done.Task|];
        """);

    [Fact]
    public Task Reports_more_sends_than_receives_of_one_unknown_number() => Reports("""
        static class Program
        {
            static async Task RunAsync(int n)
            {
                var channel = Channel.CreateBounded<int>(1);
                var sender = Task.Run(async () =>
                {
                    for (int i = 0; i < n + 2; i++)
                    {
                        await [|channel.Writer.WriteAsync(i)|];
                    }
                });
                for (int i = 0; i < n; i++)
                {
                    await channel.Reader.ReadAsync();
                }

                await sender;
            }
        }
        """);

    [Fact]
    public Task Reports_a_large_channel_that_nobody_empties() => Body("""
        var channel = Channel.CreateBounded<int>(64);
        var first = Task.Run(Produce);
        var second = Task.Run(Produce);
        await Task.WhenAll(first, second);

        async Task Produce()
        {
            for (int i = 0; i < 64; i++)
            {
                await [|channel.Writer.WriteAsync(i)|];
            }
        }
        """);

    [Fact]
    public Task Reports_the_result_of_a_call_that_is_dropped() => Reports("""
        static class Promise
        {
            public static ChannelReader<bool> Go(Func<Task> work)
            {
                var done = Channel.CreateBounded<bool>(0);
                _ = Task.Run(async () =>
                {
                    await work();
                    await [|done.Writer.WriteAsync(true)|];
                });
                return done.Reader;
            }
        }

        static class Program
        {
            static async Task RunAsync()
            {
                Promise.Go(() => Task.Delay(1));
                await Task.Delay(10);
            }
        }
        """);

    [Fact]
    public Task Reports_a_stream_that_its_owner_forgets_to_close() => Reports("""
        class Buffer
        {
            private readonly Channel<int> _items = Channel.CreateUnbounded<int>();

            public ValueTask<int> GetAsync() => [|_items.Reader.ReadAsync()|];
        }

        class Transport
        {
            private readonly Dictionary<int, Buffer> _active = new();

            public Buffer Open() => _active[1] = new Buffer();

            public void Close() => _active.Remove(1);
        }

        static class Program
        {
            static async Task RunAsync()
            {
                var transport = new Transport();
                var buffer = transport.Open();
                var reading = Task.Run(async () => await buffer.GetAsync());
                transport.Close();
                await reading;
            }
        }
        """);

    [Fact]
    public Task Says_how_it_comes_about() => Says("""
        static class Program
        {
            static async Task RunAsync()
            {
                var channel = Channel.CreateBounded<int>(1);
                var producer = Task.Run(async () =>
                {
                    await channel.Writer.WriteAsync(1);
                    await channel.Writer.WriteAsync(2);
                });
                await producer;
            }
        }
        """, "'channel.WriteAsync' can wait forever: after 'Task.Run' at line 6, 'channel.WriteAsync' at line 8, nobody ends it");

    [Fact]
    public Task Silent_about_two_loops_with_one_unknown_bound() => Silent("""
        class Rounds(int n)
        {
            private readonly int _n = n;

            public async Task SendAsync(ChannelWriter<int> to)
            {
                for (int i = 0; i < _n; i++)
                {
                    await to.WriteAsync(i);
                }
            }

            public async Task RunAsync()
            {
                var channel = Channel.CreateBounded<int>(0);
                var sender = Task.Run(() => SendAsync(channel.Writer));
                for (int left = _n; left > 0; left--)
                {
                    await channel.Reader.ReadAsync();
                }

                await sender;
            }
        }
        """);

    [Fact]
    public Task Silent_about_sums_and_multiples() => Silent("""
        static class Program
        {
            static async Task RunAsync(int n)
            {
                var channel = Channel.CreateBounded<int>(1);
                var senders = new[] { SendAsync(channel.Writer, 2 * n), SendAsync(channel.Writer, n - 1) };
                for (int i = 0; i < (3 * n) - 1; i++)
                {
                    await channel.Reader.ReadAsync();
                }

                await Task.WhenAll(senders);
            }

            static async Task FixedAsync()
            {
                var channel = Channel.CreateBounded<int>(10);
                var senders = new[] { SendAsync(channel.Writer, 100), SendAsync(channel.Writer, 100) };
                for (int i = 0; i < 200; i++)
                {
                    await channel.Reader.ReadAsync();
                }

                await Task.WhenAll(senders);
            }

            static Task SendAsync(ChannelWriter<int> to, int count) => Task.Run(async () =>
            {
                for (int i = 0; i < count; i++)
                {
                    await to.WriteAsync(i);
                }
            });
        }
        """);

    [Fact]
    public Task Silent_about_what_is_sent_for_each_of_a_collection() => Silent("""
        static class Program
        {
            static async Task RunAsync(string[] names)
            {
                var channel = Channel.CreateBounded<string>(1);
                var sender = Task.Run(async () =>
                {
                    foreach (var name in names)
                    {
                        await channel.Writer.WriteAsync(name);
                    }
                });
                for (int i = 0; i < names.Length; i++)
                {
                    await channel.Reader.ReadAsync();
                }

                await sender;
            }
        }
        """);

    [Fact]
    public Task Silent_about_arguments_that_are_refused() => Silent("""
        static class Program
        {
            static async Task RunAsync(int[] items)
            {
                var channel = Channel.CreateUnbounded<int>();
                _ = WriteAllAsync(channel.Writer, items);
                while (await channel.Reader.WaitToReadAsync())
                {
                    while (channel.Reader.TryRead(out var item))
                    {
                        Console.WriteLine(item);
                    }
                }
            }

            static async Task WriteAllAsync(ChannelWriter<int> to, int[] items)
            {
                if (items is null)
                {
                    throw new ArgumentNullException(nameof(items));
                }

                foreach (var item in items)
                {
                    await to.WriteAsync(item);
                }

                to.Complete();
            }
        }
        """);

    [Fact]
    public Task Silent_when_the_root_may_fail_instead() => Silent("""
        static class Program
        {
            static async Task RunAsync(int n)
            {
                var channel = Channel.CreateBounded<int>(0);
                var sender = Task.Run(async () =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        await channel.Writer.WriteAsync(i);
                    }
                });
                for (int i = 0; i < n; i++)
                {
                    using var timeout = new CancellationTokenSource();
                    timeout.CancelAfter(1000);
                    await channel.Reader.ReadAsync(timeout.Token);
                }

                await sender;
            }
        }
        """);

    [Fact]
    public Task Silent_about_an_exception_that_is_set_and_told() => Quiet("""
        var gate = new object();
        Exception? error = null;
        string? result = null;
        var waiter = Task.Run(() =>
        {
            lock (gate)
            {
                while (error is null && result is null)
                {
                    Monitor.Wait(gate);
                }
            }
        });
        lock (gate)
        {
            error = new IOException("no");
            Monitor.PulseAll(gate);
        }

        await waiter;
        """);

    [Fact]
    public Task Silent_about_times_that_are_compared() => Quiet("""
        var tokens = new Dictionary<string, DateTime>();
        var done = new TaskCompletionSource();
        var work = Task.Run(() =>
        {
            foreach (var old in tokens.Keys.Where(name => tokens[name] < DateTime.UtcNow).ToList())
            {
                tokens.Remove(old);
            }

            done.SetResult();
        });
        await done.Task;
        await work;
        """);

    [Fact]
    public Task Silent_when_the_loser_has_room() => Quiet("""
        var results = Channel.CreateBounded<int>(1);
        var work = Task.Run(async () => await results.Writer.WriteAsync(1));
        if (await Task.WhenAny(work, Task.Delay(10)) != work && Environment.TickCount > 0)
        {
            return;
        }

        await results.Reader.ReadAsync();
        """);

    [Fact]
    public Task Silent_when_the_channel_is_closed() => Quiet("""
        var jobs = Channel.CreateUnbounded<int>();
        var worker = Task.Run(async () =>
        {
            await foreach (var job in jobs.Reader.ReadAllAsync())
            {
                Console.WriteLine(job);
            }
        });
        jobs.Writer.TryWrite(1);
        jobs.Writer.Complete();
        await worker;
        """);

    [Fact]
    public Task Silent_when_it_is_closed_in_a_finally() => Quiet("""
        var jobs = Channel.CreateBounded<string>(1);
        var producer = Task.Run(async () =>
        {
            try
            {
                foreach (var line in File.ReadLines("x"))
                {
                    await jobs.Writer.WriteAsync(line);
                }
            }
            finally
            {
                jobs.Writer.Complete();
            }
        });
        await foreach (var job in jobs.Reader.ReadAllAsync())
        {
            Console.WriteLine(job);
        }

        await producer;
        """);

    [Fact]
    public Task Silent_when_the_token_is_cancelled() => Quiet("""
        using var stop = new CancellationTokenSource();
        var results = Channel.CreateBounded<int>(0);
        var work = Task.Run(async () => await results.Writer.WriteAsync(1, stop.Token));
        await Task.Delay(10);
        stop.Cancel();
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
        }
        """);

    [Fact]
    public Task Silent_when_the_caller_may_cancel() => Silent("""
        static class Program
        {
            static async Task RunAsync(CancellationToken token)
            {
                var done = new TaskCompletionSource();
                var work = Task.Run(() => Task.Delay(Timeout.Infinite, token));
                await done.Task.WaitAsync(token);
            }
        }
        """);

    [Fact]
    public Task Silent_about_a_timed_source() => Quiet("""
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var done = new TaskCompletionSource();
        using var registration = source.Token.Register(() => done.TrySetResult());
        _ = Task.Run(() => Console.WriteLine());
        await done.Task;
        """);

    [Fact]
    public Task Silent_when_the_channel_is_given_away() => Silent("""
        static class Program
        {
            static Channel<int>? Shared;

            static async Task RunAsync()
            {
                var jobs = Channel.CreateUnbounded<int>();
                Shared = jobs;
                await Task.Run(async () => await jobs.Reader.ReadAsync());
            }
        }
        """);

    [Fact]
    public Task Silent_when_the_channel_is_returned() => Silent("""
        static class Program
        {
            static ChannelReader<int> Start()
            {
                var jobs = Channel.CreateBounded<int>(1);
                _ = Task.Run(async () =>
                {
                    await jobs.Writer.WriteAsync(1);
                    await jobs.Writer.WriteAsync(2);
                    jobs.Writer.Complete();
                });
                return jobs.Reader;
            }
        }
        """);

    [Fact]
    public Task Silent_when_unknown_code_has_it() => Silent("""
        static class Program
        {
            static async Task RunAsync(Action<TaskCompletionSource> register)
            {
                var done = new TaskCompletionSource();
                register(done);
                _ = Task.Run(() => Console.WriteLine());
                await done.Task;
            }
        }
        """);

    [Fact]
    public Task Silent_about_a_lock_that_is_given_back() => Quiet("""
        var gate = new SemaphoreSlim(1, 1);
        var first = Task.Run(Work);
        var second = Task.Run(Work);
        await Task.WhenAll(first, second);

        async Task Work()
        {
            await gate.WaitAsync();
            try
            {
                await Task.Delay(1);
            }
            finally
            {
                gate.Release();
            }
        }
        """);

    [Fact]
    public Task Silent_about_a_wait_in_a_loop() => Quiet("""
        var gate = new object();
        bool ready = false;
        var waiter = Task.Run(() =>
        {
            lock (gate)
            {
                while (!ready)
                {
                    Monitor.Wait(gate);
                }
            }
        });
        lock (gate)
        {
            ready = true;
            Monitor.Pulse(gate);
        }

        await waiter;
        """);

    [Fact]
    public Task Silent_about_interlocked_counts() => Quiet("""
        var done = new TaskCompletionSource();
        int running = 2;
        for (int i = 0; i < 2; i++)
        {
            _ = Task.Run(() =>
            {
                if (Interlocked.Decrement(ref running) == 0)
                {
                    done.SetResult();
                }
            });
        }

        await done.Task;
        """);

    [Fact]
    public Task Silent_about_a_countdown_in_a_finally() => Quiet("""
        var pending = new CountdownEvent(2);
        for (int i = 0; i < 2; i++)
        {
            _ = Task.Run(() =>
            {
                try
                {
                    File.ReadAllText("x");
                }
                finally
                {
                    pending.Signal();
                }
            });
        }

        pending.Wait();
        """);

    [Fact]
    public Task Silent_about_a_worker_that_waits_while_its_owner_goes_on() => Silent("""
        static class Program
        {
            static async Task RunAsync(CancellationToken token)
            {
                var jobs = Channel.CreateUnbounded<int>();
                var worker = Task.Run(async () => await jobs.Reader.ReadAsync());
                while (!token.IsCancellationRequested)
                {
                    await Task.Delay(10);
                }

                jobs.Writer.TryComplete();
            }
        }
        """);

    [Fact]
    public Task Silent_about_an_owner_that_is_disposed() => Silent("""
        class Pump : IAsyncDisposable
        {
            private readonly Channel<int> _items = Channel.CreateUnbounded<int>();
            private readonly Task _loop;

            public Pump() => _loop = Task.Run(LoopAsync);

            public void Post(int item) => _items.Writer.TryWrite(item);

            public async ValueTask DisposeAsync()
            {
                _items.Writer.TryComplete();
                await _loop;
            }

            private async Task LoopAsync()
            {
                while (await _items.Reader.WaitToReadAsync())
                {
                    while (_items.Reader.TryRead(out var item))
                    {
                        Console.WriteLine(item);
                    }
                }
            }
        }

        static class Program
        {
            static async Task RunAsync()
            {
                await using var pump = new Pump();
                pump.Post(1);
            }
        }
        """);

    [Fact]
    public Task Silent_about_a_lazy_start() => Silent("""
        class Cache
        {
            private readonly Lazy<Task<int>> _value = new(() => Task.Run(() => 1));

            public Task<int> GetAsync() => _value.Value;
        }

        static class Program
        {
            static async Task RunAsync()
            {
                var cache = new Cache();
                await Task.WhenAll(cache.GetAsync(), cache.GetAsync());
            }
        }
        """);

    [Fact]
    public Task Silent_when_two_functions_delegate_to_each_other() => Silent("""
        static class Program
        {
            static bool First(bool a, bool b) => a & Second(a, b);

            static bool Second(bool a, bool b) => First(b, a) & b;

            static async Task RunAsync()
            {
                var gate = new SemaphoreSlim(1, 1);
                var work = Task.Run(() => First(true, Second(false, true)));
                await gate.WaitAsync();
                await work;
            }
        }
        """);

    [Fact]
    public Task Silent_about_code_that_is_too_deep() => Silent($$"""
        static class Program
        {
            static async Task RunAsync()
            {
                var gate = new SemaphoreSlim(1, 1);
                var work = Task.Run(() => {{string.Concat(System.Linq.Enumerable.Repeat("!(", 400))}}gate.CurrentCount == 0{{new string(')', 400)}});
                await gate.WaitAsync();
                await gate.WaitAsync();
            }
        }
        """);

    [Fact]
    public Task Silent_where_a_select_has_an_indexer_of_its_own() => Silent(Among("for (int i = 0; i < 2; i++) { select[i].From(chans[i]); }", "chans[i % chans.Length].SendAsync(i)"), Setup.WithPlumbing);

    [Fact]
    public Task Reports_a_send_that_no_case_receives() => Reports(Among("select[0].From(chans[0]);", "[|chans[i % chans.Length].SendAsync(i)|]"), Setup.WithPlumbing);

    [Fact]
    public Task Reports_a_static_channel_that_only_this_code_touches() => Reports(Static("async Task Unused() { await Task.Yield(); }", "[|Requests.Writer.WriteAsync(2)|]"));

    [Fact]
    public Task Silent_where_other_code_touches_the_static_channel() => Silent(Static("async Task Other() { await Requests.Reader.ReadAsync(); }", "Requests.Writer.WriteAsync(2)"));

    [Fact]
    public Task Silent_where_other_code_calls_who_touches_the_static_channel() => Silent(Static("Task Other() => TakeAsync();", "Requests.Writer.WriteAsync(2)"));

    private static string Static(string other, string send) => $$"""
        static class Gateway
        {
            private static readonly Channel<int> Requests = Channel.CreateBounded<int>(0);

            public static async Task RunAsync()
            {
                var serving = TakeAsync();
                await Requests.Writer.WriteAsync(1);
                await {{send}};
                await serving;
            }

            private static async Task TakeAsync() => Console.WriteLine(await Requests.Reader.ReadAsync());

            public static {{other}}
        }
        """;

    [Fact]
    public Task Reports_what_a_timer_calls() => Body("""
        var ticks = Channel.CreateBounded<int>(1);
        using var timer = new Timer(_ => [|ticks.Writer.WriteAsync(1)|].AsTask().Wait(), null, 1, 10);
        await ticks.Reader.ReadAsync();
        await Task.Delay(1000);
        """);

    [Fact]
    public Task Silent_where_a_timer_calls_once() => Quiet("""
        var ticks = Channel.CreateBounded<int>(1);
        using var timer = new Timer(_ => ticks.Writer.WriteAsync(1).AsTask().Wait(), null, 1, Timeout.Infinite);
        await Task.Delay(1000);
        """);

    [Fact]
    public Task Silent_where_a_timer_ends_the_wait() => Quiet("""
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = new Timer(_ => done.TrySetResult(), null, 1, 10);
        await done.Task;
        """);

    [Fact]
    public Task Reports_a_wait_for_a_task_that_a_method_hands_out() => Reports("""
        static class Program
        {
            static async Task RunAsync() => await [|Never(CancellationToken.None)|];

            static Task Never(CancellationToken token)
            {
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                token.Register(() => done.TrySetCanceled());
                return done.Task;
            }
        }
        """);

    [Theory]
    [InlineData("await from.ReadAsync(stop.Token)")]
    [InlineData("await from.WaitToReadAsync(stop.Token)")]
    [InlineData("await to.WriteAsync(1, stop.Token)")]
    [InlineData("await to.WaitToWriteAsync(stop.Token)")]
    [InlineData("await foreach (var item in from.ReadAllAsync(stop.Token)) { }")]
    [InlineData("await given(stop.Token)")]
    [InlineData("await service.CallAsync(stop.Token)")]
    [InlineData("await http.GetStringAsync(\"x\", stop.Token)")]
    public Task Silent_where_what_others_do_is_cancelled(string work) => Silent($$"""
        interface IService { Task CallAsync(CancellationToken token); }

        static class Program
        {
            static async Task RunAsync(ChannelReader<int> from, ChannelWriter<int> to, Func<CancellationToken, Task> given, IService service, System.Net.Http.HttpClient http)
            {
                using var stop = new CancellationTokenSource();
                var pump = Task.Run(async () =>
                {
                    try { while (true) { {{work}}; } }
                    catch (OperationCanceledException) { }
                });
                await Task.Delay(5);
                stop.Cancel();
                await pump;
            }
        }
        """);

    [Theory]
    [InlineData("await counting.WaitAsync(token);")]
    [InlineData("using var other = new CancellationTokenSource(); await counting.WaitAsync(token);")]
    [InlineData("await Task.WhenAll(counting, Task.CompletedTask).WaitAsync(token);")]
    public Task Reports_a_reader_whose_end_is_waited_for_with_a_token(string wait) => Reports(Counting("[|await foreach (var item in items.Reader.ReadAllAsync()) { }|]", wait));

    // What runs when the wait is given up may close the channel; and a reader that nobody waits for may get more.
    [Theory]
    [InlineData("try { await counting.WaitAsync(token); } finally { items.Writer.Complete(); }")]
    [InlineData("try { await counting.WaitAsync(token); } catch (OperationCanceledException) { items.Writer.Complete(); }")]
    [InlineData("await Task.Delay(Timeout.Infinite, token);")]
    public Task Silent_where_somebody_may_still_close_it(string wait) => Silent(Counting("await foreach (var item in items.Reader.ReadAllAsync()) { }", wait));

    private static string Counting(string read, string wait) => $$"""
        static class Program
        {
            static async Task RunAsync(CancellationToken token)
            {
                var stop = new CancellationTokenSource();
                var items = Channel.CreateBounded<int>(4);
                _ = Task.Run(async () =>
                {
                    try { while (true) { await Task.Delay(5, stop.Token); await items.Writer.WriteAsync(1, stop.Token); } }
                    catch (OperationCanceledException) { }
                });
                var counting = Task.Run(async () => { {{read}} });
                await Task.Delay(30, token);
                stop.Cancel();
                {{wait}}
            }
        }
        """;

    // Who catches the failures of one type knows that there are no others.
    [Theory]
    [InlineData("IOException")]
    [InlineData("Exception")]
    [InlineData("OperationCanceledException")]
    public Task Silent_where_the_failures_that_are_foreseen_are_told(string type) => Silent($$"""
        using System.IO;

        static class Program
        {
            static async Task<Exception> RunAsync(Func<Task> copy)
            {
                var ended = Channel.CreateBounded<Exception>(2);
                _ = Task.Run(CopyAsync);
                _ = Task.Run(CopyAsync);
                return await ended.Reader.ReadAsync();

                async Task CopyAsync()
                {
                    Exception failure = null;
                    try { await copy(); }
                    catch ({{type}} e) { failure = e; }
                    await ended.Writer.WriteAsync(failure);
                }
            }
        }
        """);

    private static string Among(string cases, string send) => $$"""
        using System.Threading.Tasks;
        using Sluice;

        [Select]
        sealed partial class Two
        {
            public readonly Receive<int> A = new();
            public readonly Receive<int> B = new();

            public Receive<int> this[int index] => index == 0 ? A : B;
        }

        static class Program
        {
            static async Task RunAsync(int n)
            {
                var chans = new[] { new Chan<int>(), new Chan<int>() };
                using var select = new Two();
                {{cases}}
                var sender = Task.Run(async () => { for (int i = 0; i < n; i++) { await {{send}}; } });
                for (int i = 0; i < n; i++)
                {
                    switch (await select)
                    {
                        case Two.Case.A: select.A.Take(out _); break;
                        case Two.Case.B: select.B.Take(out _); break;
                    }
                }

                await sender;
            }
        }
        """;

    [Fact]
    public Task Silent_about_a_waiter_that_registers_where_its_token_can_be_canceled() => Silent(Waiter("await w.Task", "new CancellationTokenSource(TimeSpan.FromSeconds(3))", "using "));

    [Fact]
    public Task Reports_a_waiter_that_has_no_token() => Reports(Waiter("[|await w.Task|]", "new Never()", string.Empty));

    private static string Waiter(string wait, string source, string isUsing) => $$"""
        class Never { public CancellationToken Token => default; }
        class Waiter
        {
            private readonly TaskCompletionSource<int> _promise = new();
            public Waiter(CancellationToken token) { if (token.CanBeCanceled) { token.Register(Cancel); } }
            public Task<int> Task => _promise.Task;
            private void Cancel() => _promise.TrySetCanceled();
        }
        static class Program
        {
            static async Task RunAsync()
            {
                {{isUsing}}var source = {{source}};
                var w = new Waiter(source.Token);
                try { {{wait}}; } catch (OperationCanceledException) { }
            }
        }
        """;

    [Fact]
    public Task Silent_each_of_two_that_meet() => Quiet("""
        var c = Channel.CreateBounded<int>(0);
        var a = Task.Run(async () => await c.Writer.WriteAsync(1));
        var b = Task.Run(async () => await c.Reader.ReadAsync());
        await foreach (var over in Task.WhenEach(a, b))
        {
            await over;
        }
        """);

    [Fact]
    public Task Reports_one_of_each_that_nobody_meets() => Body("""
        var c = Channel.CreateBounded<int>(0);
        var a = Task.Run(async () => await [|c.Writer.WriteAsync(1)|]);
        var b = Task.Run(() => Console.Write(1));
        await foreach (var over in Task.WhenEach(a, b))
        {
            await over;
        }
        """);

    [Fact]
    public Task Silent_where_it_is_told_to_wait_without_end() => Quiet("""
        var server = Task.Run(() => Console.Write(1));
        await server;
        await Task.Delay(Timeout.Infinite);
        """);

    [Theory]
    [InlineData("while (await timer.WaitForNextTickAsync(token)) { Console.Write(1); }")]
    [InlineData("while (true) { await Task.Delay(10, token); }")]
    [InlineData("while (true) { await File.ReadAllTextAsync(\"log\"); }")]
    public Task Silent_where_the_time_between_rounds_ends_with_the_token(string loop) => Silent($$"""
        static class Program
        {
            static async Task RunAsync(CancellationToken token)
            {
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
                var other = Task.Run(async () => { {{loop}} }, token);
                try
                {
                    await Task.Delay(10, token);
                }
                catch (OperationCanceledException)
                {
                }

                try { await other; } catch (OperationCanceledException) { }
                Console.Write(2);
            }
        }
        """);

    [Theory]
    [InlineData("while (await timer.WaitForNextTickAsync(own.Token)) { Console.Write(1); }")]
    [InlineData("while (true) { await Task.Delay(10, own.Token); }")]
    public Task Reports_where_nobody_cancels_the_token_of_the_rounds(string loop) => Reports($$"""
        static class Program
        {
            static async Task RunAsync(CancellationToken token)
            {
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
                using var own = new CancellationTokenSource();
                var other = Task.Run(async () => { {{loop}} });
                try
                {
                    await Task.Delay(10, token);
                }
                catch (OperationCanceledException)
                {
                }

                [|await other|];
            }
        }
        """);

    [Fact]
    public Task Silent_where_a_stream_of_others_is_counted_on() => Silent("""
        static class Program
        {
            static async Task RunAsync(Uri place)
            {
                var first = new TaskCompletionSource();
                var reading = Task.Run(async () =>
                {
                    await foreach (var line in File.ReadLinesAsync("log"))
                    {
                        first.TrySetResult();
                    }
                });
                await first.Task;
                await reading;
            }
        }
        """);

    [Fact]
    public Task Reports_what_no_item_of_a_stream_ends() => Body("""
        var second = new TaskCompletionSource();
        var first = new TaskCompletionSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var line in File.ReadLinesAsync("log"))
            {
                first.TrySetResult();
            }
        });
        await first.Task;
        [|await second.Task|];
        await reading;
        """);

    private static string Wrap(string body) => $$"""
        static class Program
        {
            static async Task RunAsync()
            {
                await Task.Yield();
        {{body}}
            }
        }
        """;

    private Task Body(string body) => Reports(Wrap(body));

    private Task Quiet(string body) => Silent(Wrap(body));
}
