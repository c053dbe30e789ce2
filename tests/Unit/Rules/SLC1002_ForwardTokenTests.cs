using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class ForwardTokenTests : RuleTest
{
    public ForwardTokenTests()
        : base("SLC1002")
    {
    }

    [Fact]
    public Task Reports_optional_parameter() => Reports("""
        public sealed class Example
        {
            public async Task Save(IStore store, CancellationToken ct) => await store.[|SaveAsync|](1);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Reports_overload() => Reports("""
        public sealed class Example
        {
            public async Task<int> Load(IStore store, CancellationToken ct) => await store.[|LoadAsync|]("a");
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Reports_returned_task() => Reports("""
        public sealed class Example
        {
            public Task Save(Stream stream, CancellationToken ct) => stream.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Reports_value_task_overload_of_a_task() => Reports("""
        public sealed class Example
        {
            public async Task<string?> Read(StreamReader reader, CancellationToken ct) => await reader.[|ReadLineAsync|]();
        }
        """);

    [Fact]
    public Task Reports_synchronous_wait() => Reports("""
        public sealed class Example
        {
            public void Enter(SemaphoreSlim gate, CancellationToken ct) => gate.[|Wait|]();
        }
        """);

    [Fact]
    public Task Reports_extension_overload() => Reports("""
        public static class Extensions
        {
            public static Task Send(this string text) => Task.CompletedTask;

            public static Task Send(this string text, CancellationToken ct) => Task.CompletedTask;

            public static async Task All(CancellationToken ct)
            {
                await "a".[|Send|]();
                await Extensions.[|Send|]("b");
            }
        }
        """);

    [Fact]
    public Task Reports_extension_beside_a_method() => Reports("""
        public sealed class Door
        {
            public Task Open() => Task.CompletedTask;

            public async Task Use(Door other, CancellationToken ct) => await other.[|Open|]();
        }

        public static class Doors
        {
            public static Task Open(this Door door, CancellationToken ct) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_lambda_parameter_without_a_type() => Reports("""
        public sealed class Example
        {
            public Task Run(int[] items, Stream stream) => Parallel.ForEachAsync(items, async (item, ct) => await stream.[|FlushAsync|]());
        }
        """);

    [Fact]
    public Task Reports_lambda_that_runs_within_the_call() => Reports("""
        public sealed class Example
        {
            public async Task Run(int[] items, CancellationToken ct) => await Task.WhenAll(items.Select(async item => await Task.[|Delay|](item)));
        }
        """);

    [Fact]
    public Task Reports_local_function_of_which_the_task_is_awaited() => Reports("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken ct)
            {
                await Flush();

                async Task Flush() => await stream.[|FlushAsync|]();
            }
        }
        """);

    [Fact]
    public Task Reports_own_token_of_a_static_local_function() => Reports("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken outer)
            {
                await Flush(stream, outer);

                static async Task Flush(Stream stream, CancellationToken ct) => await stream.[|FlushAsync|]();
            }
        }
        """);

    [Fact]
    public Task Reports_nullable_token() => Reports("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken? ct) => await stream.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Reports_local_that_names_a_token() => Reports("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken? given)
            {
                var ct = given ?? CancellationToken.None;
                await stream.[|FlushAsync|]();
            }
        }
        """);

    [Fact]
    public Task Reports_token_of_a_context() => Reports("""
        public sealed class Context
        {
            public CancellationToken RequestAborted { get; }

            public Stream Body { get; } = Stream.Null;
        }

        public sealed class Example
        {
            public async Task Run(Context context) => await Stream.Null.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Reports_token_of_the_object() => Reports("""
        public sealed class Example
        {
            private readonly CancellationToken _stopping;

            public Example(CancellationToken stopping) => _stopping = stopping;

            public async Task Run(Stream stream) => await stream.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Reports_what_returns_when_it_is_over_and_has_a_context_with_a_token() => Reports("""
        class Context { public CancellationToken CancellationToken => default; }
        class Symbol { public string Text(CancellationToken cancellationToken = default) => ""; }
        class Analyzer
        {
            void Analyze(Context context, Symbol symbol) => Console.WriteLine(symbol.[|Text|]());
        }
        """);

    [Fact]
    public Task Reports_the_token_of_the_context_that_a_framework_hands_to_the_object() => Reports("""
        class HttpContext { public CancellationToken RequestAborted => default; }
        abstract class ControllerBase { public HttpContext HttpContext => null!; }
        class Home : ControllerBase
        {
            public async Task Get(Stream stream) => await stream.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Reports_under_another_name_of_the_type() => Reports("""
        using Stop = System.Threading.CancellationToken;
        class C { async Task M(Stop stop, Stream stream) { await stream.[|FlushAsync|](); } }
        """);

    [Fact]
    public Task Reports_an_overload_that_takes_an_array_in_place_of_a_list() => NotFixed("""
        class Set
        {
            public ValueTask<object?> FindAsync(params object[] keys) => default;
            public ValueTask<object?> FindAsync(object[] keys, CancellationToken cancellationToken) => default;
        }

        class C { async Task<object?> M(Set set, CancellationToken ct) => await set.[|FindAsync|](5, 6); }
        """);

    [Fact]
    public Task Reports_an_overload_whose_result_converts() => Reports("""
        class C
        {
            static long Count(string path) => 0;
            static int Count(string path, CancellationToken ct) => 0;
            static void M(CancellationToken ct) { long count = [|Count|]("x"); }
        }
        """);

    [Fact]
    public Task Silent_for_a_source_of_the_object_that_the_code_does_not_look_at() => Silent("""
        class Worker
        {
            private readonly CancellationTokenSource _stop = new();
            public async Task One() => await Task.Delay(1);
            public async Task Loop() { while (!_stop.IsCancellationRequested) { await Task.Delay(1, _stop.Token); } }
            public async Task StopAsync() { _stop.Cancel(); await Task.Delay(1); Console.WriteLine(_stop.IsCancellationRequested); }
        }
        """);

    [Fact]
    public Task Silent_for_a_lambda_with_another_context() => Silent("""
        class RenderContext { public int Width { get; } }
        class C { Func<RenderContext, Task> Make() => async context => { await Task.Delay(context.Width); }; Func<RenderContext, Task> Typed() => async (RenderContext context) => await Task.Delay(1); }
        """);

    [Fact]
    public Task Silent_for_an_overload_that_is_an_experiment() => Silent("""
        class C
        {
            static void Count() { }
            [System.Diagnostics.CodeAnalysis.Experimental("X1")] static void Count(CancellationToken ct) { }
            static void M(CancellationToken ct) { Count(); }
        }
        """);

    [Fact]
    public Task Reports_token_of_a_primary_constructor() => Reports("""
        public sealed class Example(CancellationToken stopping)
        {
            public async Task Run(Stream stream) => await stream.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Reports_producer_that_could_take_it() => Reports("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                await foreach (var value in store.[|Some|]())
                {
                }
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Reports_task_kept_and_awaited_later() => Reports("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                var first = store.[|LoadAsync|]("a");
                var others = new List<Task>();
                others.Add(store.[|SaveAsync|](1));
                await first;
                await Task.WhenAll(others);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Reports_conditional_access() => Reports("""
        public sealed class Example
        {
            public async Task Run(IStore? store, CancellationToken ct) => await (store?.[|SaveAsync|](1) ?? Task.CompletedTask);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Reports_recursion_that_drops_the_optional_token() => Reports("""
        public sealed class Example
        {
            public async Task Run(int depth, CancellationToken ct = default)
            {
                if (depth > 0)
                {
                    await [|Run|](depth - 1);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_generic_method() => Reports("""
        public sealed class Bus
        {
            public Task Publish<T>(T message) => Task.CompletedTask;

            public Task Publish<T>(T message, CancellationToken ct) => Task.CompletedTask;

            public async Task Run(Bus other, CancellationToken ct)
            {
                await other.[|Publish|](1);
                await other.[|Publish<object>|]("a");
            }
        }
        """);

    [Fact]
    public Task Reports_not_cancelled_branch() => Reports("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                if (!ct.IsCancellationRequested)
                {
                    await store.[|SaveAsync|](1);
                }
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Reports_permit_taken_and_released_in_a_loop() => Reports("""
        public sealed class Example
        {
            public async Task Run(SemaphoreSlim permits, Stream[] streams, CancellationToken ct)
            {
                foreach (var stream in streams)
                {
                    await permits.[|WaitAsync|]();
                    try
                    {
                        await stream.FlushAsync(ct);
                    }
                    finally
                    {
                        permits.Release();
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Reports_after_a_catch_that_lets_cancellation_go() => Reports("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                try
                {
                    await store.SaveAsync(1, ct);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Console.WriteLine(e);
                }

                await store.[|SaveAsync|](2);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Reports_async_iterator() => Reports("""
        public sealed class Example
        {
            public async IAsyncEnumerable<int> Run(Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
            {
                await stream.[|FlushAsync|]();
                yield return 1;
            }
        }
        """);

    [Fact]
    public Task Reports_override_of_the_overload_on_another_object() => Reports("""
        public sealed class Wrapped(Stream inner) : MemoryStream
        {
            public override Task FlushAsync(CancellationToken cancellationToken) => inner.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Silent_token_passed() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct) => await store.SaveAsync(1, ct);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_none_passed_on_purpose() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct) => await store.SaveAsync(1, CancellationToken.None);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_token_of_another_source_passed() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                using var timeout = new CancellationTokenSource(1000);
                await store.SaveAsync(1, timeout.Token);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_no_token_in_scope() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store) => await store.SaveAsync(1);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_task_that_outlives_the_caller() => Silent("""
        public sealed class Example
        {
            private Task? _saving;

            public void Run(IStore store, CancellationToken ct)
            {
                _ = store.SaveAsync(1);
                store.SaveAsync(2);
                _saving = store.SaveAsync(3);
                var forgotten = store.SaveAsync(4);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_start_of_work() => Silent("""
        public sealed class Example
        {
            public async Task Run(CancellationToken ct)
            {
                await Task.Run(() => Console.WriteLine());
                await Task.Factory.StartNew(() => Console.WriteLine());
                await Task.CompletedTask.ContinueWith(_ => { });
            }
        }
        """);

    [Fact]
    public Task Silent_work_started_and_left() => Silent("""
        public sealed class Example
        {
            public void Run(IStore store, CancellationToken ct)
            {
                _ = Task.Run(async () => await store.SaveAsync(1));
                ThreadPool.QueueUserWorkItem(async _ => await store.SaveAsync(1));
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_handler_of_an_event() => Silent("""
        public sealed class Example
        {
            public event EventHandler? Changed;

            public async Task Start(IStore store, CancellationToken ct)
            {
                Changed += async (_, _) => await store.SaveAsync(1);
                await store.SaveAsync(1, ct);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_callback_that_is_kept() => Silent("""
        public sealed class Bus
        {
            public Task Subscribe(Func<int, Task> handler) => Task.CompletedTask;

            public void Handle(Func<int, Task> handler)
            {
            }

            public async Task Start(Stream stream, CancellationToken ct)
            {
                await Subscribe(async _ => await stream.FlushAsync());
                Handle(async _ => await stream.FlushAsync());
                Func<Task> flush = async () => await stream.FlushAsync();
            }
        }
        """);

    [Fact]
    public Task Silent_clean_up_in_finally_and_catch() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                try
                {
                    await store.SaveAsync(1, ct);
                }
                catch (InvalidOperationException)
                {
                    await store.SaveAsync(2);
                }
                finally
                {
                    await store.SaveAsync(3);
                }
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_after_the_token_was_cancelled() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                if (ct.IsCancellationRequested)
                {
                    await store.SaveAsync(1);
                    return;
                }

                while (!ct.IsCancellationRequested)
                {
                    await store.SaveAsync(2, ct);
                }

                await store.SaveAsync(3);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_after_a_cancellation_was_caught() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, ct);
                }
                catch (OperationCanceledException)
                {
                }

                await store.SaveAsync(3);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_after_a_loop_that_breaks_on_cancellation() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                while (true)
                {
                    if (ct.IsCancellationRequested)
                    {
                        break;
                    }

                    await store.SaveAsync(1, ct);
                }

                await store.SaveAsync(2);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_guard_for_a_token_that_cannot_be_cancelled() => Silent("""
        public sealed class Example
        {
            public Task Run(IStore store, CancellationToken ct) => ct.CanBeCanceled ? store.SaveAsync(1, ct) : store.SaveAsync(1);

            public Task Again(IStore store, CancellationToken ct)
            {
                if (ct == CancellationToken.None)
                {
                    return store.SaveAsync(1);
                }

                return store.SaveAsync(1, ct);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_own_overload() => Silent("""
        public static class Polyfill
        {
            public static Task Send(this Stream stream) => Task.CompletedTask;

            public static Task Send(this Stream stream, CancellationToken ct)
            {
                ct.ThrowIfCancellationRequested();
                return stream.Send();
            }
        }

        public class Example
        {
            public Task Run() => Task.CompletedTask;

            public Task Run(CancellationToken ct) => ct.IsCancellationRequested ? Task.FromCanceled(ct) : Run();
        }
        """);

    [Fact]
    public Task Not_fixed_where_a_linked_source_is_in_scope() => NotFixed("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
                await store.SaveAsync(1, linked.Token);
                await store.[|SaveAsync|](2);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_context_that_carries_the_token() => Silent("""
        public sealed class Context
        {
            public CancellationToken CancellationToken { get; }

            public Task Publish(int value, CancellationToken cancellationToken = default) => Task.CompletedTask;
        }

        public sealed class Example
        {
            public async Task Run(Context context)
            {
                await context.Publish(1);
                await Pipe(context);
            }

            private Task Pipe(Context context, CancellationToken cancellationToken = default) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Silent_token_of_the_object_in_what_ends_it() => Silent("""
        public sealed class Example
        {
            private readonly CancellationToken _stopping;

            public Example(CancellationToken stopping) => _stopping = stopping;

            public async Task StopAsync(Stream stream) => await stream.FlushAsync();

            public async ValueTask DisposeAsync() => await Stream.Null.FlushAsync();
        }
        """);

    [Fact]
    public Task Silent_token_of_the_object_for_work_that_is_not_awaited() => Silent("""
        public sealed class Example
        {
            private readonly CancellationToken _stopping;

            public Example(CancellationToken stopping) => _stopping = stopping;

            public Task Run(Stream stream) => stream.FlushAsync();
        }
        """);

    [Fact]
    public Task Silent_static_lambda_and_local_function() => Silent("""
        public sealed class Example
        {
            public async Task Run(Stream stream, int[] items, CancellationToken ct)
            {
                await Task.WhenAll(items.Select(static item => Task.Delay(item)));
                await Flush(stream);

                static Task Flush(Stream stream) => stream.FlushAsync();
            }
        }
        """);

    [Fact]
    public Task Silent_expression_tree() => Silent("""
        public sealed class Example
        {
            public void Run(CancellationToken ct)
            {
                Expression(store => store.SaveAsync(1, default));
                Expression(store => store.LoadAsync("a"));
            }

            private static void Expression(System.Linq.Expressions.Expression<Func<IStore, Task>> expression)
            {
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_name_only() => Silent("""
        public sealed class Example
        {
            public string Run(Stream stream, CancellationToken ct) => nameof(stream.FlushAsync);
        }
        """);

    [Fact]
    public Task Silent_obsolete_or_hidden_overload() => Silent("""
        public sealed class Store
        {
            public Task Save() => Task.CompletedTask;

            [Obsolete]
            public Task Save(CancellationToken ct) => Task.CompletedTask;

            public Task Load() => Task.CompletedTask;

            private Task Load(CancellationToken ct) => Task.CompletedTask;
        }

        public sealed class Example
        {
            public async Task Run(Store store, CancellationToken ct)
            {
                await store.Save();
                await store.Load();
            }
        }
        """);

    [Fact]
    public Task Silent_overload_that_differs_in_more() => Silent("""
        public sealed class Store
        {
            public Task Save(int value) => Task.CompletedTask;

            public Task Save(long value, CancellationToken ct) => Task.CompletedTask;

            public int Load() => 1;

            public Task<int> Load(CancellationToken ct) => Task.FromResult(1);

            public async Task Run(Store other, CancellationToken ct)
            {
                await other.Save(1);
                other.Load();
            }
        }
        """);

    [Fact]
    public Task Silent_api_of_the_token() => Silent("""
        public sealed class Example
        {
            public void Run(TaskCompletionSource source, CancellationToken ct)
            {
                using var registration = ct.Register(() => source.TrySetCanceled());
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
            }
        }
        """);

    [Fact]
    public Task Silent_wait_that_would_change_its_meaning() => Silent("""
        public sealed class Example
        {
            public async Task Run(Task other, SemaphoreSlim gate, CancellationToken ct)
            {
                other.Wait();
                if (gate.Wait(0) || await gate.WaitAsync(TimeSpan.Zero))
                {
                    await Task.WhenAny(other, Task.Delay(1000));
                }
            }
        }
        """);

    [Fact]
    public Task Silent_task_given_to_a_wait_with_a_token() => Silent("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken ct) => await stream.FlushAsync().WaitAsync(ct);
        }
        """);

    [Fact]
    public Task Silent_discarded_parameter() => Silent("""
        public sealed class Example
        {
            public Task Run(int[] items, Stream stream) => Parallel.ForEachAsync(items, async (item, _) => await stream.FlushAsync());
        }
        """);

    [Fact]
    public Task Silent_token_out_of_a_parameter_and_exceptions_token() => Silent("""
        public sealed class Example
        {
            public async Task Run(Stream stream, OperationCanceledException exception) => await stream.FlushAsync();

            public void Give(Stream stream, out CancellationToken ct)
            {
                stream.Flush();
                ct = default;
            }
        }
        """);

    [Fact]
    public Task Silent_source_made_for_other_work() => Silent("""
        public sealed class Example
        {
            public async Task Run(Stream stream)
            {
                using var timeout = new CancellationTokenSource(1000);
                var ct = timeout.Token;
                await Task.Delay(10, ct);
                await stream.FlushAsync();
            }
        }
        """);

    [Fact]
    public Task Silent_after_a_catch_of_everything() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                try
                {
                    await store.SaveAsync(1, ct);
                }
                catch (Exception e)
                {
                    Console.WriteLine(e);
                }

                await store.SaveAsync(2);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_token_of_an_event() => Silent("""
        public sealed class DeliveredEventArgs : EventArgs
        {
            public CancellationToken CancellationToken { get; }
        }

        public sealed class Example
        {
            public async Task OnDelivered(object sender, DeliveredEventArgs e) => await Stream.Null.FlushAsync();
        }
        """);

    [Fact]
    public Task Silent_rollback_and_release() => Silent("""
        public sealed class Transaction
        {
            public Task RollbackAsync(CancellationToken ct = default) => Task.CompletedTask;

            public static async Task Run(Transaction transaction, CancellationToken ct) => await transaction.RollbackAsync();
        }
        """);

    [Fact]
    public Task Silent_what_comes_from_the_context() => Silent("""
        public sealed class Context
        {
            public CancellationToken CancellationToken { get; }

            public Task<Endpoint> FaultEndpoint() => Task.FromResult(new Endpoint());
        }

        public sealed class Endpoint
        {
            public Task Send(int value, CancellationToken cancellationToken = default) => Task.CompletedTask;

            public static async Task Run(Context context)
            {
                var endpoint = await context.FaultEndpoint();
                await endpoint.Send(1);
            }
        }
        """);

    [Fact]
    public Task Silent_token_of_the_object_that_changes() => Silent("""
        public sealed class Example
        {
            public CancellationToken Current { get; set; }

            public async Task Run(Stream stream) => await stream.FlushAsync();
        }
        """);

    [Fact]
    public Task Silent_handle_that_is_given_at_once() => Silent("""
        public sealed class Action : IDisposable
        {
            public static Action Start(int kind, CancellationToken cancellationToken = default) => new();

            public void Dispose()
            {
            }

            public static async Task Run(CancellationToken ct)
            {
                using var action = Start(1);
                await Task.Delay(1, ct);
            }
        }
        """);

    [Fact]
    public Task Silent_several_permits_taken_in_a_loop() => Silent("""
        public sealed class Example
        {
            public async Task Lower(SemaphoreSlim permits, int from, int to, CancellationToken ct)
            {
                for (; from > to; from--)
                {
                    await permits.WaitAsync();
                }

                await Task.Delay(1, ct);
            }
        }
        """);

    [Fact]
    public Task Fixes_optional_parameter() => Fixes("""
        public sealed class Example
        {
            public async Task Save(IStore store, CancellationToken ct) => await store.[|SaveAsync|](1);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """, """
        public sealed class Example
        {
            public async Task Save(IStore store, CancellationToken ct) => await store.SaveAsync(1, ct);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Fixes_overload_without_arguments() => Fixes("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken cancellationToken)
            {
                // Everything out.
                await stream.[|FlushAsync|]().ConfigureAwait(false); // now
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken cancellationToken)
            {
                // Everything out.
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false); // now
            }
        }
        """);

    [Fact]
    public Task Fixes_after_omitted_optional_arguments_by_name() => Fixes("""
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await Store.[|Save|](1);
        }
        public static class Store
        {
            public static Task Save(int value, bool force = false, CancellationToken cancellationToken = default) => Task.CompletedTask;

            public static Task First(CancellationToken first, int value) => Task.CompletedTask;

            public static Task First(int value) => Task.CompletedTask;
        }
        """, """
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await Store.Save(1, cancellationToken: ct);
        }
        public static class Store
        {
            public static Task Save(int value, bool force = false, CancellationToken cancellationToken = default) => Task.CompletedTask;

            public static Task First(CancellationToken first, int value) => Task.CompletedTask;

            public static Task First(int value) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Fixes_named_arguments() => Fixes("""
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await Store.[|Save|](force: true, value: 1);
        }
        public static class Store
        {
            public static Task Save(int value, bool force = false, CancellationToken cancellationToken = default) => Task.CompletedTask;

            public static Task First(CancellationToken first, int value) => Task.CompletedTask;

            public static Task First(int value) => Task.CompletedTask;
        }
        """, """
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await Store.Save(force: true, value: 1, cancellationToken: ct);
        }
        public static class Store
        {
            public static Task Save(int value, bool force = false, CancellationToken cancellationToken = default) => Task.CompletedTask;

            public static Task First(CancellationToken first, int value) => Task.CompletedTask;

            public static Task First(int value) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Fixes_token_that_comes_first() => Fixes("""
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await Store.[|First|](1);
        }
        public static class Store
        {
            public static Task Save(int value, bool force = false, CancellationToken cancellationToken = default) => Task.CompletedTask;

            public static Task First(CancellationToken first, int value) => Task.CompletedTask;

            public static Task First(int value) => Task.CompletedTask;
        }
        """, """
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await Store.First(ct, 1);
        }
        public static class Store
        {
            public static Task Save(int value, bool force = false, CancellationToken cancellationToken = default) => Task.CompletedTask;

            public static Task First(CancellationToken first, int value) => Task.CompletedTask;

            public static Task First(int value) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Fixes_nullable_token() => Fixes("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken? ct) => await stream.[|FlushAsync|]();
        }
        """, """
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken? ct) => await stream.FlushAsync(ct.GetValueOrDefault());
        }
        """);

    [Fact]
    public Task Fixes_params() => Fixes("""
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await [|Log|]("a", 1, 2);

            private static Task Log(string text, params int[] values) => Task.CompletedTask;

            private static Task Log(string text, CancellationToken ct, params int[] values) => Task.CompletedTask;
        }
        """, """
        public sealed class Example
        {
            public async Task Run(CancellationToken ct) => await Log("a", ct, 1, 2);

            private static Task Log(string text, params int[] values) => Task.CompletedTask;

            private static Task Log(string text, CancellationToken ct, params int[] values) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Fixes_one_argument_a_line() => Fixes("""
        public sealed class Example
        {
            public async Task Run(IStore store, byte[] buffer, Stream stream, CancellationToken ct)
            {
                await stream.[|WriteAsync|](
                    buffer,
                    0,
                    1);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """, """
        public sealed class Example
        {
            public async Task Run(IStore store, byte[] buffer, Stream stream, CancellationToken ct)
            {
                await stream.WriteAsync(
                    buffer,
                    0,
                    1,
                    ct);
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Fixes_nested_calls() => Fixes("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct) => await store.[|SaveAsync|](await store.[|LoadAsync|]("a"));
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """, """
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct) => await store.SaveAsync(await store.LoadAsync("a", ct), ct);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Fixes_conditional_access() => Fixes("""
        public sealed class Example
        {
            public async Task Run(IStore? store, CancellationToken ct) => await (store?.[|SaveAsync|](1) ?? Task.CompletedTask);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """, """
        public sealed class Example
        {
            public async Task Run(IStore? store, CancellationToken ct) => await (store?.SaveAsync(1, ct) ?? Task.CompletedTask);
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Fixes_with_the_token_of_a_context() => Fixes("""
        public sealed class Context
        {
            public CancellationToken RequestAborted { get; }
        }

        public sealed class Example
        {
            public async Task Run(Context @event) => await Stream.Null.[|FlushAsync|]();
        }
        """, """
        public sealed class Context
        {
            public CancellationToken RequestAborted { get; }
        }

        public sealed class Example
        {
            public async Task Run(Context @event) => await Stream.Null.FlushAsync(@event.RequestAborted);
        }
        """);

    [Fact]
    public Task Fixes_not_when_two_tokens_are_as_good() => NotFixed("""
        public sealed class Example
        {
            public async Task Run(Stream stream, CancellationToken request, CancellationToken stopping) => await stream.[|FlushAsync|]();
        }
        """);

    [Fact]
    public Task Reports_what_is_made_of_a_part_of_a_context() => Reports("""
        public sealed class HttpContext { public CancellationToken RequestAborted { get; set; } public Stream Body { get; set; } = Stream.Null; }
        public static class Endpoints
        {
            public static async Task<string> Echo(HttpContext context)
            {
                using var reader = new StreamReader(context.Body);
                return await reader.[|ReadToEndAsync|]();
            }
        }
        """);

    // dotnet/roslyn-analyzers#7325: the token of an argument that brings one along, in code that is not async and names neither tokens nor contexts.
    [Fact]
    public Task Reports_where_an_argument_brings_the_token_along() => Reports("""
        public readonly struct NodeAnalysis { public CancellationToken CancellationToken { get; } public Node Node { get; } }
        public record Request(CancellationToken Aborted, string Path);
        public class Node { public string GetText(CancellationToken cancellationToken = default) => string.Empty; }
        public static class Rules
        {
            public static int Length(NodeAnalysis analysis) => analysis.Node.[|GetText|]().Length;
            public static void Read(Request request) { [|Load|](); }
            private static void Load() { }
            private static void Load(CancellationToken cancellationToken) => cancellationToken.ThrowIfCancellationRequested();
        }
        """);
}
