using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC5003_CompletionSourceTests() : RuleTest("SLC5003")
{
    private const string New = "new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously)";

    [Fact]
    public Task Reports_creations_without_the_option() => Reports("""
        class C
        {
            private readonly TaskCompletionSource _field = [|new()|];
            private readonly TaskCompletionSource<int> _other = [|new TaskCompletionSource<int>()|];
            public TaskCompletionSource Property { get; } = [|new TaskCompletionSource(TaskCreationOptions.None)|];
            public TaskCompletionSource Attached { get; } = [|new TaskCompletionSource("state", TaskCreationOptions.AttachedToParent)|];
            public TaskCompletionSource Stated { get; } = [|new TaskCompletionSource("state")|];
        }
        """);

    [Fact]
    public Task Silent_with_the_option_or_options_that_are_not_known() => Silent("""
        class C
        {
            private readonly TaskCompletionSource _field = new(TaskCreationOptions.RunContinuationsAsynchronously);
            private readonly TaskCompletionSource<int> _other = new TaskCompletionSource<int>("state", TaskCreationOptions.RunContinuationsAsynchronously | TaskCreationOptions.AttachedToParent);
            TaskCompletionSource M(TaskCreationOptions options) => new TaskCompletionSource(options);
        }
        """);

    [Fact]
    public Task Reports_a_path_without_completion_where_the_task_is_returned() => Reports($$"""
        class C
        {
            Task<int> M(int n)
            {
                var done = {{New}};
                if (n > 0)
                {
                    [|done.SetResult(n)|];
                }

                return done.Task;
            }
        }
        """);

    [Fact]
    public Task Reports_work_with_a_path_without_completion() => Reports($$"""
        class C
        {
            async Task<int> M(Func<int, bool> test)
            {
                var done = {{New}};
                _ = Task.Run(async () =>
                {
                    for (int i = 0; i < 3; i++)
                    {
                        if (await Task.FromResult(i) == 2)
                        {
                            [|done.TrySetResult(i)|];
                            return;
                        }
                    }
                });
                return await done.Task;
            }
        }
        """);

    [Fact]
    public Task Reports_work_that_may_throw_before() => Reports($$"""
        class C
        {
            Task<int> M(Func<int> compute)
            {
                var done = {{New}};
                new Thread(() => [|done.SetResult(compute())|]).Start();
                return done.Task;
            }

            Task<int> N(string path)
            {
                var done = {{New}};
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    var text = File.ReadAllText(path);
                    [|done.SetResult(text.Length)|];
                });
                return done.Task;
            }
        }
        """);

    [Fact]
    public Task Reports_a_source_that_nothing_completes() => Reports("""
        class C
        {
            async Task M()
            {
                var done = [|new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)|];
                await done.Task;
            }
        }
        """);

    [Fact]
    public Task Reports_a_catch_that_completes_only_some() => Reports($$"""
        class C
        {
            Task<int> M(Func<int> compute)
            {
                var done = {{New}};
                Task.Run(() =>
                {
                    try { [|done.SetResult(compute())|]; }
                    catch (IOException e) { done.SetException(e); }
                });
                return done.Task;
            }
        }
        """);

    [Fact]
    public Task Silent_where_every_path_completes() => Silent($$"""
        class C
        {
            Task<int> M(Func<int> compute)
            {
                var done = {{New}};
                Task.Run(() =>
                {
                    try { done.SetResult(compute()); }
                    catch (OperationCanceledException) { done.SetCanceled(); }
                    catch (Exception e) { done.TrySetException(e); }
                });
                return done.Task;
            }

            Task<int> N(int n)
            {
                var done = {{New}};
                if (n > 0) { done.SetResult(n); } else { done.SetException(new ArgumentException()); }
                return done.Task;
            }

            Task<int> Early(int n)
            {
                var done = {{New}};
                if (n < 0) { return Task.FromResult(0); }
                done.SetResult(n);
                return done.Task;
            }

            Task<int> Thrown(int n)
            {
                var done = {{New}};
                if (n < 0) { throw new ArgumentException(); }
                done.SetResult(n);
                return done.Task;
            }
        }
        """);

    [Fact]
    public Task Silent_in_a_finally() => Silent("""
        class C
        {
            async Task M(Func<Task> work)
            {
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = Task.Run(async () =>
                {
                    try { await work(); }
                    finally { done.SetResult(); }
                });
                await done.Task;
            }
        }
        """);

    [Fact]
    public Task Silent_for_callbacks_which_may_come_again() => Silent($$"""
        class Source { public event EventHandler<int> Done; }
        class C
        {
            Task<int> M(Source source, int id)
            {
                var done = {{New}};
                source.Done += (_, n) => { if (n == id) { done.TrySetResult(n); } };
                return done.Task;
            }

            Task<int> Token(CancellationToken ct)
            {
                var done = {{New}};
                ct.Register(() => done.TrySetCanceled());
                return done.Task;
            }
        }
        """);

    [Fact]
    public Task Silent_where_others_may_complete() => Silent($$"""
        class C
        {
            readonly List<TaskCompletionSource<int>> _waiters = new();
            TaskCompletionSource<int> _last;

            Task<int> M(bool now)
            {
                var done = {{New}};
                _waiters.Add(done);
                if (now) { done.SetResult(1); }
                return done.Task;
            }

            Task<int> N(CancellationToken ct, Func<int> compute)
            {
                var done = {{New}};
                ct.Register(() => done.TrySetCanceled());
                Task.Run(() => done.TrySetResult(compute()));
                return done.Task;
            }

            Task<int> Kept()
            {
                var done = {{New}};
                _last = done;
                return done.Task;
            }
        }
        """);

    [Fact]
    public Task Silent_where_its_task_only_races_with_others() => Silent("""
        class C
        {
            async Task M(CancellationToken ct, Task work)
            {
                var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await Task.WhenAny(work, never.Task);
            }
        }
        """);

    [Fact]
    public Task Fixes_by_passing_the_option() => Fixes(
        """
        class C
        {
            private readonly TaskCompletionSource _field = [|new()|]; // first
            private readonly TaskCompletionSource<int> _other = [|new TaskCompletionSource<int>()|];
            public TaskCompletionSource Property { get; } = [|new TaskCompletionSource(TaskCreationOptions.None)|];
            public TaskCompletionSource Attached { get; } = [|new TaskCompletionSource("state", TaskCreationOptions.AttachedToParent)|];
            public TaskCompletionSource Stated { get; } = [|new TaskCompletionSource("state")|];
        }
        """,
        """
        class C
        {
            private readonly TaskCompletionSource _field = new(TaskCreationOptions.RunContinuationsAsynchronously); // first
            private readonly TaskCompletionSource<int> _other = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            public TaskCompletionSource Property { get; } = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            public TaskCompletionSource Attached { get; } = new TaskCompletionSource("state", TaskCreationOptions.AttachedToParent | TaskCreationOptions.RunContinuationsAsynchronously);
            public TaskCompletionSource Stated { get; } = new TaskCompletionSource("state", TaskCreationOptions.RunContinuationsAsynchronously);
        }
        """);
}
