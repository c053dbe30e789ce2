using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Tests.Rules;

public sealed class SLC3002_LoopVariableCapturedTests() : RuleTest("SLC3002")
{
    // The body of a method with a few things to call.
    private static string In(string code) => $$"""
        class C
        {
            private readonly List<Task> _tasks = new();

            static void Use(params object[] values) { }

            static Task UseAsync(object value) => Task.CompletedTask;

            async Task M(int n, string[] names, CancellationToken ct)
            {
                await Task.Yield();
        {{string.Join("\n", System.Linq.Enumerable.Select(code.Split('\n'), line => line.Length == 0 ? line : "        " + line))}}
            }
        }
        """;

    [Fact]
    public Task Reports_task_added_to_a_list() => Reports(In("""
        var tasks = new List<Task>();
        for (int i = 0; i < n; i++)
        {
            tasks.Add(Task.Run(() => Use([|i|])));
        }

        await Task.WhenAll(tasks);
        """));

    [Fact]
    public Task Reports_first_use_once_per_lambda() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            _ = Task.Run(() => Use([|i|], names[i], i + 1));
            _ = Task.Run(() => Use([|i|]));
        }
        """));

    [Fact]
    public Task Reports_started_thread() => Reports(In("""
        for (int i = 0; i < n; i++)
            new Thread(() => Use([|i|])).Start();
        """));

    [Fact]
    public Task Reports_threads_joined_after_the_loop() => Reports(In("""
        var threads = new Thread[n];
        for (int i = 0; i < n; i++)
        {
            threads[i] = new Thread(() => Use([|i|])) { IsBackground = true };
            threads[i].Start();
        }

        foreach (var thread in threads) thread.Join();
        """));

    [Fact]
    public Task Reports_thread_in_a_local() => Reports(In("""
        var threads = new List<Thread>();
        for (int i = 0; i < n; i++)
        {
            var thread = new Thread(() => Use([|i|]));
            thread.IsBackground = true;
            thread.Start();
            threads.Add(thread);
        }
        """));

    [Fact]
    public Task Reports_thread_pool() => Reports(In("""
        for (var i = 0; i < n; i++)
        {
            ThreadPool.QueueUserWorkItem(_ => Use([|i|]));
        }
        """));

    [Fact]
    public Task Reports_start_new_and_cold_task() => Reports(In("""
        for (var i = 0; i < n; i++)
        {
            Task.Factory.StartNew(() => Use([|i|]), ct);
            new Task(() => Use([|i|])).Start();
        }
        """));

    [Fact]
    public Task Reports_continuation() => Reports(In("""
        for (var i = 0; i < n; i++)
        {
            UseAsync(n).ContinueWith(_ => Use([|i|]));
        }
        """));

    [Fact]
    public Task Reports_timers() => Reports(In("""
        var timers = new Timer[n];
        for (var i = 0; i < n; i++)
        {
            timers[i] = new Timer(_ => Use([|i|]), null, 0, 100);
        }
        """));

    [Fact]
    public Task Reports_timers_that_a_constructor_makes() => Reports("""
        sealed class Poller
        {
            private readonly Timer[] _timers;

            public Poller(Action<string> poll, string[] hosts, TimeSpan period)
            {
                _timers = new Timer[hosts.Length];
                for (var i = 0; i < hosts.Length; i++)
                {
                    var first = period * i / hosts.Length;
                    _timers[i] = new Timer(_ => poll(hosts[[|i|]]), null, first, period);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_timers_in_a_field_beside_calls_of_the_object() => Reports("""
        class C
        {
            private readonly List<Timer> _timers = new();

            void Note(string what) { }

            void Start(int n, Action<int> run)
            {
                for (int i = 0; i < n; i++)
                {
                    _timers.Add(new Timer(_ => run([|i|]), null, 0, 100));
                    Note("started");
                }
            }
        }
        """);

    [Fact]
    public Task Reports_timer_of_a_provider() => Reports("""
        class C
        {
            private readonly List<ITimer> _timers = new();

            void Start(TimeProvider time, string[] names, Action<string> run)
            {
                for (int i = 0; i < names.Length; i++)
                {
                    _timers.Add(time.CreateTimer(_ => run(names[[|i|]]), null, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
                }
            }
        }
        """);

    [Fact]
    public Task Reports_callback_of_a_token() => Reports("""
        class C
        {
            void Start(Action<int> stop, int n, CancellationToken ct)
            {
                for (int i = 0; i < n; i++)
                {
                    ct.Register(() => stop([|i|]));
                }
            }
        }
        """);

    [Fact]
    public Task Reports_callback_of_a_wait_handle() => Reports("""
        class C
        {
            private readonly RegisteredWaitHandle[] _waits = new RegisteredWaitHandle[9];

            void Start(WaitHandle[] handles, Action<int> run)
            {
                for (int i = 0; i < 9; i++)
                {
                    _waits[i] = ThreadPool.RegisterWaitForSingleObject(handles[i], (_, late) => run([|i|]), null, -1, false);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_for_timers_that_get_the_number() => Silent(In("""
        var timers = new Timer[n];
        for (var i = 0; i < n; i++)
        {
            timers[i] = new Timer(state => Use(names[(int)state!]), i, 0, 100);
        }
        """));

    [Fact]
    public Task Silent_for_a_timer_with_a_copy() => Silent("""
        class C
        {
            private readonly Timer[] _timers = new Timer[9];

            C(Action<int> run)
            {
                for (int i = 0; i < 9; i++)
                {
                    int number = i;
                    _timers[i] = new Timer(_ => run(number), null, 0, 100);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_for_registrations_that_end_in_the_round() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            using var first = ct.Register(() => Use(i));
            using (ct.UnsafeRegister(_ => Use(i), null))
            {
                await UseAsync(n);
            }

            var last = ct.Register(() => Use(i));
            await UseAsync(n);
            last.Dispose();
        }
        """));

    [Fact]
    public Task Silent_for_a_timer_that_is_disposed_before_the_step() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var timer = TimeProvider.System.CreateTimer(_ => Use(i), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            await UseAsync(n);
            await timer.DisposeAsync();
        }
        """));

    [Fact]
    public Task Silent_for_a_callback_that_the_round_waits_for() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var late = new TaskCompletionSource();
            ct.Register(() => { Use(i); late.TrySetCanceled(); });
            await late.Task;
        }
        """));

    [Fact]
    public Task Silent_for_a_registration_of_something_else() => Silent("""
        class Registry { public void Register(Func<int> make) => make(); public void CreateTimer(Action run) => run(); }

        class C
        {
            void Start(Registry registry, int n)
            {
                for (int i = 0; i < n; i++)
                {
                    registry.Register(() => i);
                    registry.CreateTimer(() => Console.WriteLine(i));
                }
            }
        }
        """);

    [Fact]
    public Task Reports_array_of_tasks() => Reports(In("""
        var tasks = new Task[n];
        for (int i = 0; i < tasks.Length; ++i)
            tasks[i] = Task.Run(async () => await UseAsync([|i|]));
        Task.WaitAll(tasks);
        """));

    [Fact]
    public Task Reports_anonymous_method() => Reports(In("""
        for (int i = 0; i < n; i += 2)
        {
            Task.Run(delegate { Use([|i|]); });
        }
        """));

    [Fact]
    public Task Reports_local_function_that_the_lambda_calls() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => Work()));

            void Work() => Use([|i|]);
        }
        """));

    [Fact]
    public Task Reports_local_function_as_a_delegate() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            void Work() => Use([|i|]);
            new Thread(Work).Start();
        }
        """));

    [Fact]
    public Task Reports_delegate_in_a_local() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            Action work = () => Use([|i|]);
            _tasks.Add(Task.Run(work));
        }
        """));

    [Fact]
    public Task Reports_query_in_the_work() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => (from name in names where name.Length > [|i|] select name).ToList()));
        }
        """));

    [Fact]
    public Task Reports_query_that_starts_tasks() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.AddRange(names.Select(name => Task.Run(() => Use(name, [|i|]))));
        }
        """));

    [Fact]
    public Task Reports_async_selector_after_its_await() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.AddRange(names.Select(async name =>
            {
                await UseAsync(i);
                Use(name, [|i|]);
            }));
        }
        """));

    [Fact]
    public Task Reports_async_lambda_that_is_called() => Reports(In("""
        Func<Task> work = null!;
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(((Func<Task>)(async () =>
            {
                await Task.Delay(1);
                Use([|i|]);
            }))());
        }
        """));

    [Fact]
    public Task Reports_async_local_function_that_is_not_awaited() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            async Task Work()
            {
                await Task.Delay(1);
                Use([|i|]);
            }

            _tasks.Add(Work());
        }
        """));

    [Fact]
    public Task Reports_both_variables_of_nested_loops() => Reports(In("""
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                _tasks.Add(Task.Run(() => Use([|i|], [|j|])));
        """));

    [Fact]
    public Task Reports_inner_variable_where_the_outer_round_waits() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            var tasks = new List<Task>();
            for (int j = 0; j < n; j++)
            {
                tasks.Add(Task.Run(() => Use(i, [|j|])));
            }

            await Task.WhenAll(tasks);
        }
        """));

    [Fact]
    public Task Reports_variable_that_the_body_changes() => Reports(In("""
        for (int i = 0; i < n;)
        {
            Task.Run(() => Use([|i|]));
            i++;
        }
        """));

    [Fact]
    public Task Reports_variable_declared_before_the_loop() => Reports(In("""
        int i;
        for (i = 0; i < n; i++)
        {
            Task.Run(() => Use([|i|]));
        }
        """));

    [Fact]
    public Task Reports_one_way_without_a_wait() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            var task = Task.Run(() => Use([|i|]));
            if (n > 3)
            {
                await task;
            }
        }
        """));

    [Fact]
    public Task Reports_throttled_by_a_semaphore() => Reports(In("""
        var limit = new SemaphoreSlim(4);
        for (int i = 0; i < n; i++)
        {
            await limit.WaitAsync(ct);
            _tasks.Add(Task.Run(() =>
            {
                try { Use([|i|]); }
                finally { limit.Release(); }
            }, ct));
        }
        """));

    [Fact]
    public Task Reports_break_on_another_way() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            Task.Run(() => Use([|i|]));
            if (ct.IsCancellationRequested) break;
        }
        """));

    [Fact]
    public Task Reports_task_started_in_a_synchronous_lambda() => Reports(In("""
        for (int i = 0; i < n; i++)
        {
            Array.ForEach(names, name => Task.Run(() => Use(name, [|i|])));
        }
        """));

    [Fact]
    public Task Reports_in_top_level_statements() => Reports("""
        for (int i = 0; i < 3; i++)
        {
            _ = Task.Run(() => Console.WriteLine([|i|]));
        }
        """);

    [Fact]
    public Task Reports_in_a_lambda_and_in_a_property() => Reports("""
        class C
        {
            Action<int> _start = n => { for (int i = 0; i < n; i++) Task.Run(() => Console.WriteLine([|i|])); };

            int P { get { for (int i = 0; i < 3; i++) Task.Run(() => Console.WriteLine([|i|])); return 0; } }
        }
        """);

    [Fact]
    public Task Reports_what_is_forgotten_by_name() => Reports("""
        static class Tasks
        {
            public static void Forget(this Task task) { }

            static void M(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    Task.Run(() => Console.WriteLine([|i|])).Forget();
                }
            }
        }
        """);

    [Fact]
    public Task Reports_and_says_what_to_do() => Says(
        "class C { void M() { for (int i = 0; i < 3; i++) { Task.Run(() => Console.WriteLine(i)); } } }",
        "'i' is one variable for all rounds of the loop: this code runs beside the loop and may see the value of a later round. Copy it to a local in the loop body and use the copy.");

    [Fact]
    public Task Silent_with_a_copy() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            int copy = i;
            _tasks.Add(Task.Run(() => Use(copy)));
        }
        """));

    [Fact]
    public Task Silent_for_foreach() => Silent(In("""
        foreach (var name in names)
        {
            _tasks.Add(Task.Run(() => Use(name)));
        }
        """));

    [Fact]
    public Task Silent_for_while() => Silent(In("""
        int i = 0;
        while (i < n)
        {
            _tasks.Add(Task.Run(() => Use(i)));
            i++;
        }
        """));

    [Fact]
    public Task Silent_when_awaited_in_place() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            await Task.Run(() => Use(i));
            await Task.Run(() => Use(i)).ConfigureAwait(false);
            Task.Run(() => Use(i)).Wait();
            Use(Task.Run(() => i).Result);
            Task.Run(() => Use(i)).GetAwaiter().GetResult();
        }
        """));

    [Fact]
    public Task Silent_when_awaited_later_in_the_round() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var task = Task.Run(() => Use(i));
            Use(n);
            await task;
        }
        """));

    [Fact]
    public Task Silent_when_awaited_in_finally() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var task = Task.Run(() => Use(i));
            try
            {
                await UseAsync(n);
            }
            finally
            {
                await task;
            }
        }
        """));

    [Fact]
    public Task Silent_when_all_are_awaited_in_the_round() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var first = Task.Run(() => Use(i));
            var second = Task.Run(() => Use(i + 1));
            await Task.WhenAll(first, second);
        }
        """));

    [Fact]
    public Task Silent_when_the_list_is_awaited_in_the_round() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var tasks = new List<Task>();
            foreach (var name in names)
            {
                tasks.Add(Task.Run(() => Use(name, i)));
            }

            await Task.WhenAll(tasks);
        }
        """));

    [Fact]
    public Task Silent_when_selected_tasks_are_awaited_in_place() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            await Task.WhenAll(names.Select(name => Task.Run(() => Use(name, i))));
            await Task.WhenAll(names.Select(async name => { await Task.Yield(); Use(name, i); }).ToList());
            Task.WaitAll(names.Select(name => Task.Run(() => Use(name, i))).ToArray());
        }
        """));

    [Fact]
    public Task Silent_when_the_thread_is_joined_in_the_round() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var thread = new Thread(() => Use(i));
            thread.Start();
            thread.Join();
        }
        """));

    [Fact]
    public Task Silent_when_threads_are_joined_one_by_one_in_the_round() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var threads = new List<Thread> { new(() => Use(n)) };
            var thread = new Thread(() => Use(i));
            threads.Add(thread);
            thread.Start();
            foreach (var one in threads) one.Join();
        }
        """));

    [Fact]
    public Task Silent_for_parallel_loops() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            Parallel.For(0, n, j => Use(i, j));
            Parallel.ForEach(names, name => Use(i, name));
            Parallel.Invoke(() => Use(i), () => Use(i + 1));
            await Parallel.ForEachAsync(names, async (name, token) => await UseAsync(i));
            Use(names.AsParallel().Select(name => name + i).ToList());
        }
        """));

    [Fact]
    public Task Silent_for_lambdas_that_run_at_once() => Silent(In("""
        var list = new List<int>();
        for (int i = 0; i < n; i++)
        {
            list.ForEach(value => Use(value, i));
            Use(list.Where(value => value > i).ToList(), list.Any(value => value == i));
            Array.ForEach(names, name => Use(name, i));
        }
        """));

    [Fact]
    public Task Silent_when_passed_as_state() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            Task.Factory.StartNew(state => Use(state!), i);
            ThreadPool.QueueUserWorkItem(state => Use(state), i, false);
            new Thread(state => Use(state!)).Start(i);
            _tasks.Add(UseAsync(i));
        }
        """));

    [Fact]
    public Task Silent_for_other_captures() => Silent(In("""
        for (int i = 0, last = n; i < last; i++)
        {
            int square = i * i;
            _tasks.Add(Task.Run(() => Use(square, n, last)));
        }
        """));

    [Fact]
    public Task Silent_when_the_loop_is_left() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            if (names[i].Length > 0)
            {
                _tasks.Add(Task.Run(() => Use(i)));
                break;
            }
        }

        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => Use(i)));
            return;
        }
        """));

    [Fact]
    public Task Silent_when_an_inner_loop_is_left() => Silent(In("""
        foreach (var name in names)
        {
            for (int i = 0; i < n; i++)
            {
                if (names[i] == name)
                {
                    _tasks.Add(Task.Run(() => Use(i)));
                    break;
                }
            }
        }
        """));

    [Fact]
    public Task Silent_when_nothing_changes_the_variable() => Silent(In("""
        for (int i = 0; ;)
        {
            _tasks.Add(Task.Run(() => Use(i)));
            if (ct.IsCancellationRequested) return;
        }
        """));

    [Fact]
    public Task Silent_in_nameof() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => Use(nameof(i))));
        }
        """));

    [Fact]
    public Task Silent_when_a_signal_is_waited_for() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var done = new ManualResetEventSlim();
            ThreadPool.QueueUserWorkItem(_ => { Use(i); done.Set(); });
            done.Wait(ct);
        }
        """));

    [Fact]
    public Task Silent_when_a_completion_is_awaited() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            var started = new TaskCompletionSource();
            _tasks.Add(Task.Run(() => { Use(i); started.SetResult(); }));
            await started.Task;
        }
        """));

    [Fact]
    public Task Silent_when_the_task_is_passed_on() => Silent("""
        class C
        {
            static void WaitFor(Task task) => task.Wait();

            static Task Retry(Func<Task> action) => action();

            static async Task M(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    WaitFor(Task.Run(() => Console.WriteLine(i)));
                    await Retry(() => Task.Run(() => Console.WriteLine(i)));
                    await Retry(async () => { await Task.Yield(); Console.WriteLine(i); });
                }
            }
        }
        """);

    [Fact]
    public Task Silent_when_the_type_waits_for_its_field() => Silent("""
        class C
        {
            private Task _current = Task.CompletedTask;

            private Task Drain() => _current;

            async Task M(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    _current = Task.Run(() => Console.WriteLine(i));
                    await Drain();
                }
            }
        }
        """);

    [Fact]
    public Task Silent_before_the_first_await_of_an_async_function() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            async Task Work()
            {
                Use(i);
                await UseAsync(i);
            }

            _tasks.Add(Work());
            _tasks.AddRange(names.Select(async name => { await UseAsync(i); }));
        }
        """));

    [Fact]
    public Task Silent_when_the_local_function_is_awaited() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            async Task Work()
            {
                await Task.Delay(1);
                Use(i);
            }

            await Work();
        }
        """));

    [Fact]
    public Task Silent_for_the_variable_of_a_loop_inside_the_work() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => { for (int j = 0; j < n; j++) Use(j); }));
        }
        """));

    [Fact]
    public Task Silent_for_a_timer_that_is_disposed_in_the_round() => Silent(In("""
        for (int i = 0; i < n; i++)
        {
            using var timer = new Timer(_ => Use(i), null, 0, 10);
            await UseAsync(n);
        }
        """));

    [Fact]
    public Task Silent_for_a_delegate_that_nobody_starts() => Silent(In("""
        var actions = new List<Action>();
        for (int i = 0; i < n; i++)
        {
            actions.Add(() => Use(i));
        }
        """));

    [Fact]
    public Task Silent_in_broken_code() => Silent("""
        class C { void M() { for (int i = 0; i < ; i++) { Task.Run(() => Use(i; } } }
        """, new Setup { AllowErrors = true });

    [Fact]
    public Task Fixes_with_a_copy_in_the_loop_body() => Fixes(
        In("""
        for (int i = 0; i < n; i++)
        {
            // Start it.
            _tasks.Add(Task.Run(() => Use([|i|], names[i]))); // and go on
            Use(i);
        }
        """),
        In("""
        for (int i = 0; i < n; i++)
        {
            var currentI = i;
            // Start it.
            _tasks.Add(Task.Run(() => Use(currentI, names[currentI]))); // and go on
            Use(i);
        }
        """));

    [Fact]
    public Task Fixes_a_loop_without_braces() => Fixes(
        In("""
        for (int index = 0; index < n; index++) // all of them
            _tasks.Add(Task.Run(() => Use([|index|])));
        """),
        In("""
        for (int index = 0; index < n; index++) // all of them
        {
            var currentIndex = index;
            _tasks.Add(Task.Run(() => Use(currentIndex)));
        }
        """));

    [Fact]
    public Task Fixes_several_lambdas_with_one_copy() => Fixes(
        In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => Use([|i|])));
            _tasks.Add(Task.Run(() => Use([|i|] + 1)));
        }
        """),
        In("""
        for (int i = 0; i < n; i++)
        {
            var currentI = i;
            _tasks.Add(Task.Run(() => Use(currentI)));
            _tasks.Add(Task.Run(() => Use(currentI + 1)));
        }
        """));

    [Fact]
    public Task Fixes_nested_loops_without_braces() => Fixes(
        In("""
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                _tasks.Add(Task.Run(() => Use([|i|], [|j|])));
        """),
        In("""
        for (int i = 0; i < n; i++)
        {
            var currentI = i;
            for (int j = 0; j < n; j++)
            {
                var currentJ = j;
                _tasks.Add(Task.Run(() => Use(currentI, currentJ)));
            }
        }
        """));

    [Fact]
    public Task Fixes_several_variables_of_one_loop() => Fixes(
        In("""
        for (int i = 0, j = n; i < j; i++, j--)
        {
            _tasks.Add(Task.Run(() => Use([|i|], [|j|])));
        }
        """),
        In("""
        for (int i = 0, j = n; i < j; i++, j--)
        {
            var currentI = i;
            var currentJ = j;
            _tasks.Add(Task.Run(() => Use(currentI, currentJ)));
        }
        """));

    [Fact]
    public Task Fixes_with_a_free_name() => Fixes(
        In("""
        int currentI = 5;
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => Use([|i|], currentI)));
        }
        """),
        In("""
        int currentI = 5;
        for (int i = 0; i < n; i++)
        {
            var currentI1 = i;
            _tasks.Add(Task.Run(() => Use(currentI1, currentI)));
        }
        """));

    [Fact]
    public Task Fixes_and_keeps_inferred_names() => Fixes(
        In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => Use(new { [|i|], n }.i, (i, n).i)));
        }
        """),
        In("""
        for (int i = 0; i < n; i++)
        {
            var currentI = i;
            _tasks.Add(Task.Run(() => Use(new { i = currentI, n }.i, (i: currentI, n).i)));
        }
        """));

    [Fact]
    public Task Fixes_a_local_function() => Fixes(
        In("""
        for (int i = 0; i < n; i++)
        {
            void Work() => Use([|i|], nameof(i));
            new Thread(Work).Start();
        }
        """),
        In("""
        for (int i = 0; i < n; i++)
        {
            var currentI = i;
            void Work() => Use(currentI, nameof(i));
            new Thread(Work).Start();
        }
        """));

    [Fact]
    public Task Fixes_with_a_copy_that_is_there() => Fixes(
        In("""
        for (int i = 0; i < n; i++)
        {
            int index = i;
            _tasks.Add(Task.Run(() => Use(index, [|i|])));
        }
        """),
        In("""
        for (int i = 0; i < n; i++)
        {
            int index = i;
            _tasks.Add(Task.Run(() => Use(index, index)));
        }
        """));

    [Fact]
    public Task Fixes_in_old_language_versions() => Fixes(
        """
        class C { void M() { for (int i = 0; i < 3; i++) { Task.Run(() => Console.WriteLine([|i|])); } } }
        """,
        """
        class C { void M() { for (int i = 0; i < 3; i++) { var currentI = i; Task.Run(() => Console.WriteLine(currentI)); } } }
        """,
        new Setup { Language = LanguageVersion.CSharp10 });

    [Fact]
    public Task Fixes_nothing_where_the_work_changes_the_variable() => NotFixed(In("""
        for (int i = 0; i < n; i++)
        {
            _tasks.Add(Task.Run(() => Use([|i|]++)));
        }
        """));

    [Fact]
    public Task Fixes_nothing_where_the_body_changes_the_variable() => NotFixed(In("""
        for (int i = 0; i < n;)
        {
            i++;
            _tasks.Add(Task.Run(() => Use([|i|])));
        }
        """));

    [Fact]
    public Task Reports_what_is_handed_to_a_method_that_starts_it() => Reports("""
        class Dispatcher
        {
            private readonly System.Collections.Concurrent.ConcurrentQueue<Task> _running = new();
            public void OnReady(Action handler) => _running.Enqueue(Task.Run(handler));
            public void Now(Action handler) => handler();
        }
        class C
        {
            async Task M(Dispatcher dispatcher, string[] names)
            {
                for (int i = 0; i < names.Length; i++) { dispatcher.OnReady(() => Console.Write(names[[|i|]])); }
                for (int i = 0; i < names.Length; i++) { int at = i; dispatcher.OnReady(() => Console.Write(names[at])); }
                for (int i = 0; i < names.Length; i++) { dispatcher.Now(() => Console.Write(names[i])); }
                await Task.Yield();
            }
        }
        """);
}
