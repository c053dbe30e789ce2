using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC5007_UsedAfterDisposeTests() : RuleTest("SLC5007")
{
    [Fact]
    public Task Reports_a_returned_call_of_the_resource() => Reports("""
        class C
        {
            Task<string> M(string path)
            {
                using var reader = new StreamReader(path);
                return [|reader.ReadToEndAsync()|];
            }

            Task<string> N(string path)
            {
                using (var reader = new StreamReader(path))
                {
                    return [|reader.ReadToEndAsync()|];
                }
            }
        }
        """);

    [Fact]
    public Task Reports_a_returned_call_that_is_given_it() => Reports("""
        class C
        {
            Task M(TimeSpan timeout)
            {
                using var source = new CancellationTokenSource(timeout);
                return [|Work(source.Token)|];
            }

            ValueTask<int> N(string path, Memory<byte> buffer)
            {
                using var stream = File.OpenRead(path);
                var reading = [|stream.ReadAsync(buffer)|];
                return reading;
            }

            async Task Work(CancellationToken ct) => await Task.Delay(1, ct);
        }
        """);

    [Fact]
    public Task Reports_work_that_is_started_and_forgotten() => Reports("""
        class C
        {
            void M(string path)
            {
                using var writer = new StreamWriter(path);
                _ = [|Task.Run(() => writer.Write("a"))|];
            }

            void N(string path)
            {
                using (var writer = new StreamWriter(path))
                {
                    [|ThreadPool.QueueUserWorkItem(_ => writer.Write("a"))|];
                    [|writer.WriteAsync("b")|];
                    var task = [|Save(writer)|];
                }
            }

            async Task O(string path)
            {
                await Task.Yield();
                using var writer = new StreamWriter(path);
                _ = [|Save(writer)|];
            }

            async Task Save(StreamWriter writer) => await writer.WriteAsync("c");
        }
        """);

    [Fact]
    public Task Reports_combined_work_that_is_returned() => Reports("""
        class C
        {
            Task M(string path)
            {
                using var writer = new StreamWriter(path);
                return [|Task.Run(async () => await writer.WriteAsync("a"))|];
            }
        }
        """);

    [Fact]
    public Task Silent_when_awaited() => Silent("""
        class C
        {
            async Task<string> M(string path)
            {
                using var reader = new StreamReader(path);
                return await reader.ReadToEndAsync();
            }

            async Task N(string path)
            {
                using var writer = new StreamWriter(path);
                var first = writer.WriteAsync("a");
                var second = Task.Run(() => writer.Flush());
                await first;
                await Task.WhenAll(second);
                writer.WriteAsync("b").Wait();
                var tasks = new List<Task>();
                tasks.Add(writer.FlushAsync());
                await Task.WhenAll(tasks);
            }

            string O(string path)
            {
                using var reader = new StreamReader(path);
                return reader.ReadToEndAsync().GetAwaiter().GetResult();
            }
        }
        """);

    [Fact]
    public Task Silent_for_work_that_does_not_use_it() => Silent("""
        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            Task<string> M(string path)
            {
                using var reader = new StreamReader(path);
                string text = reader.ReadToEnd();
                return Process(text);
            }

            Task<int> N(string path)
            {
                using var reader = new StreamReader(path);
                return Task.FromResult(reader.Read());
            }

            Task O()
            {
                using (File.OpenRead("a")) { return Task.Delay(1); }
            }

            Task<string> Process(string text) => Task.FromResult(text);
        }
        """);

    [Fact]
    public Task Silent_where_something_else_waits_for_it() => Silent("""
        class C
        {
            async Task M()
            {
                using var stop = new CancellationTokenSource();
                _ = Pump(stop.Token);
                await Task.Delay(1000);
                stop.Cancel();
            }

            void N()
            {
                using var done = new ManualResetEventSlim();
                ThreadPool.QueueUserWorkItem(_ => done.Set());
                done.Wait();
            }

            async Task Pump(CancellationToken ct) => await Task.Delay(-1, ct);
        }
        """);

    [Fact]
    public Task Silent_for_a_value_that_is_read_before() => Silent("""
        class C
        {
            Task M(string path)
            {
                using var stream = File.OpenRead(path);
                return Send(stream.Length, stream.Name);
            }

            Task Send(long length, string name) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Fixes_by_awaiting() => Fixes(
        """
        class C
        {
            // Reads.
            public Task<string> M(string path)
            {
                using var reader = new StreamReader(path);
                return [|reader.ReadToEndAsync()|]; // all of it
            }

            Task N(string path, bool now)
            {
                if (!now)
                {
                    return Task.CompletedTask;
                }

                using (var writer = new StreamWriter(path))
                {
                    return [|writer.WriteAsync("a")|];
                }
            }

            static Task O(string path)
            {
                using var writer = new StreamWriter(path);
                return [|writer.WriteAsync("a")|];
            }
        }
        """,
        """
        class C
        {
            // Reads.
            public async Task<string> M(string path)
            {
                using var reader = new StreamReader(path);
                return await reader.ReadToEndAsync(); // all of it
            }

            async Task N(string path, bool now)
            {
                if (!now)
                {
                    return;
                }

                using (var writer = new StreamWriter(path))
                {
                    await writer.WriteAsync("a");
                    return;
                }
            }

            static async Task O(string path)
            {
                using var writer = new StreamWriter(path);
                await writer.WriteAsync("a");
            }
        }
        """);

    [Fact]
    public Task Not_fixed_where_the_work_is_forgotten() => NotFixed("""
        class C
        {
            void M(string path)
            {
                using var writer = new StreamWriter(path);
                _ = [|Task.Run(() => writer.Write("a"))|];
            }
        }
        """);

    [Fact]
    public Task Reports_work_that_is_awaited_only_behind_the_using() => Reports("""
        class C
        {
            async Task M(string path, byte[] data)
            {
                Task writing;
                using (var file = File.Create(path)) { writing = [|file.WriteAsync(data, 0, 1)|]; }
                await writing;
            }

            async Task N(string[] texts)
            {
                var all = new List<Task>();
                using (var writer = new StringWriter())
                {
                    foreach (var text in texts) { all.Add([|writer.WriteAsync(text)|]); }
                }

                await Task.WhenAll(all);
            }

            async Task O(string path, byte[] data)
            {
                Task writing;
                using (var file = File.Create(path)) { writing = file.WriteAsync(data, 0, 1); await writing; }
                await writing;
            }

            async Task P(string path, byte[] data, List<Task> all)
            {
                using (var file = File.Create(path)) { all.Add(file.WriteAsync(data, 0, 1)); await Task.WhenAll(all); }
                await Task.WhenAll(all);
            }
        }
        """);
}
