using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC5004_ValueTaskTwiceTests() : RuleTest("SLC5004")
{
    [Fact]
    public Task Reports_a_second_await() => Reports("""
        class C
        {
            async Task M(Stream s, Memory<byte> b)
            {
                var read = s.ReadAsync(b);
                int n = await read;
                n += [|await read|];
            }

            async Task N(ValueTask given)
            {
                await given.ConfigureAwait(false);
                [|await given.ConfigureAwait(false)|];
            }
        }
        """);

    [Fact]
    public Task Reports_a_configured_one_awaited_twice() => Reports("""
        class C
        {
            async Task M(Stream s, Memory<byte> b)
            {
                var read = s.ReadAsync(b).ConfigureAwait(false);
                int n = await read;
                n += [|await read|];
            }
        }
        """);

    [Fact]
    public Task Reports_an_await_in_a_loop() => Reports("""
        class C
        {
            async Task M(IAsyncEnumerator<int> e)
            {
                var next = e.MoveNextAsync();
                while ([|await next|])
                {
                    Console.WriteLine(e.Current);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_await_after_AsTask_and_after_it_was_passed_on() => Reports("""
        class C
        {
            async Task M(Stream s, Memory<byte> b)
            {
                var read = s.ReadAsync(b);
                Task<int> task = read.AsTask();
                await Task.WhenAny(task, Task.Delay(1));
                int n = [|await read|];
            }

            async Task N(Stream s, Memory<byte> b)
            {
                var read = s.ReadAsync(b);
                await Log(read);
                int n = [|await read|];
            }

            Task Log(ValueTask<int> task) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_a_result_before_it_is_there() => Reports("""
        class C
        {
            int M(Stream s, Memory<byte> b) => [|s.ReadAsync(b).Result|];
            int N(Stream s, Memory<byte> b) => [|s.ReadAsync(b).ConfigureAwait(false).GetAwaiter().GetResult()|];
            int O(Stream s, Memory<byte> b) { var read = s.ReadAsync(b); return [|read.Result|]; }
            void P(IAsyncDisposable d) { [|d.DisposeAsync().GetAwaiter().GetResult()|]; }
            async Task Q(Stream s) { ValueTask done = s.DisposeAsync(); [|done.GetAwaiter().GetResult()|]; await Task.Yield(); }
        }
        """);

    [Fact]
    public Task Reports_one_that_is_kept() => Reports("""
        class C
        {
            private ValueTask<int> _read;
            private ValueTask Last { get; set; }
            void M(Stream s, Memory<byte> b)
            {
                _read = [|s.ReadAsync(b)|];
                Last = [|s.DisposeAsync()|];
            }
        }
        """);

    [Fact]
    public Task Reports_on_a_path_only() => Reports("""
        class C
        {
            async Task<int> M(Stream s, Memory<byte> b, bool again)
            {
                var read = s.ReadAsync(b);
                if (again)
                {
                    await read;
                }

                return [|await read|];
            }
        }
        """);

    [Fact]
    public Task Silent_for_one_consumption_on_each_path() => Silent("""
        class C
        {
            async Task<int> M(Stream s, Memory<byte> b, bool configured)
            {
                var read = s.ReadAsync(b);
                if (configured)
                {
                    return await read.ConfigureAwait(false);
                }

                return await read;
            }

            ValueTask<int> N(Stream s, Memory<byte> b)
            {
                var read = s.ReadAsync(b);
                return read.IsCompletedSuccessfully ? new ValueTask<int>(read.Result) : Slow(read);
            }

            async ValueTask<int> Slow(ValueTask<int> read) => await read;

            int O(Stream s, Memory<byte> b)
            {
                var read = s.ReadAsync(b);
                if (!read.IsCompleted) { return read.AsTask().GetAwaiter().GetResult(); }
                return read.GetAwaiter().GetResult();
            }
        }
        """);

    [Fact]
    public Task Silent_for_the_result_of_one_that_others_waited_for() => Silent("""
        class C
        {
            int M(ValueTask<int> done) => done.Result;
            int[] N(ValueTask<int>[] all) => all.Where(one => one.IsCompleted).Select(one => one.Result).ToArray();
        }
        """);

    [Fact]
    public Task Silent_when_assigned_anew() => Silent("""
        class C
        {
            async Task M(IAsyncEnumerator<int> e)
            {
                var next = e.MoveNextAsync();
                while (await next)
                {
                    next = e.MoveNextAsync();
                }

                while (true)
                {
                    var inner = e.MoveNextAsync();
                    if (!await inner) { break; }
                }
            }
        }
        """);

    [Fact]
    public Task Silent_for_tasks_and_what_was_preserved() => Silent("""
        class C
        {
            private Task<int> _read;
            private ValueTask<int> _preserved;
            async Task M(Stream s, Memory<byte> b)
            {
                var read = s.ReadAsync(b).AsTask();
                await read;
                await read;
                var again = s.ReadAsync(b).Preserve();
                await again;
                await again;
                _read = s.ReadAsync(b).AsTask();
                _preserved = s.ReadAsync(b).Preserve();
                int n = s.ReadAsync(b).AsTask().Result;
            }
        }
        """);

    [Fact]
    public Task Silent_for_many_that_are_awaited_in_turn() => Silent("""
        class C
        {
            async Task M(Stream[] streams, Memory<byte> b)
            {
                var reads = new ValueTask<int>[streams.Length];
                for (int i = 0; i < streams.Length; i++)
                {
                    reads[i] = streams[i].ReadAsync(b);
                }

                foreach (var read in reads)
                {
                    await read;
                }
            }
        }
        """);

    [Fact]
    public Task Fixes_with_Preserve() => Fixes(
        """
        class C
        {
            private ValueTask _last;
            async Task M(Stream s, Memory<byte> b)
            {
                ValueTask<int> read = s.ReadAsync(b); // once
                int n = await read;
                n += [|await read|];
                _last = [|s.DisposeAsync()|];
            }
        }
        """,
        """
        class C
        {
            private ValueTask _last;
            async Task M(Stream s, Memory<byte> b)
            {
                ValueTask<int> read = s.ReadAsync(b).Preserve(); // once
                int n = await read;
                n += await read;
                _last = s.DisposeAsync().Preserve();
            }
        }
        """);

    [Fact]
    public Task Fixes_with_AsTask() => Fixes(
        """
        class C
        {
            int M(Stream s, Memory<byte> b) => [|s.ReadAsync(b).Result|];
            int N(Stream s, Memory<byte> b) => [|s.ReadAsync(b).ConfigureAwait(false).GetAwaiter().GetResult()|];
            int O(Stream s, Memory<byte> b) { var read = s.ReadAsync(b); return [|read.Result|]; }
        }
        """,
        """
        class C
        {
            int M(Stream s, Memory<byte> b) => s.ReadAsync(b).AsTask().Result;
            int N(Stream s, Memory<byte> b) => s.ReadAsync(b).AsTask().ConfigureAwait(false).GetAwaiter().GetResult();
            int O(Stream s, Memory<byte> b) { var read = s.ReadAsync(b).AsTask(); return read.Result; }
        }
        """);

    [Fact]
    public Task Reports_one_that_a_dictionary_or_a_lazy_gives_to_everybody() => Reports("""
        using System.Collections.Concurrent;
        class C
        {
            private readonly ConcurrentDictionary<string, ValueTask<string>> _cache = new();
            private readonly Dictionary<string, ValueTask<string>> _known = [];
            private readonly Dictionary<string, ValueTask<string>> _pending = [];
            private readonly Lazy<ValueTask<string>> _first = [|new(() => LoadAsync("a"))|];
            private readonly ConcurrentDictionary<string, Task<string>> _tasks = new();
            public ValueTask<string> Get(string key) => [|_cache.GetOrAdd(key, LoadAsync)|];
            public async Task<string> Find(string key)
            {
                if (!_known.TryGetValue(key, out var loading)) { loading = LoadAsync(key); [|_known[key] = loading|]; }
                return await loading;
            }
            public void Begin(string key) => _pending[key] = LoadAsync(key);
            public async Task<string> End(string key) { _pending.Remove(key, out var begun); return await begun; }
            public Task<string> Shared(string key) => _tasks.GetOrAdd(key, k => LoadAsync(k).AsTask());
            public ValueTask<string> First => _first.Value;
            private static async ValueTask<string> LoadAsync(string key) { await Task.Yield(); return key; }
        }
        """);
}
