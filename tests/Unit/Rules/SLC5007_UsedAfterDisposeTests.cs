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

    private static string Connection(string members) => $$"""
        using System.Collections.Concurrent;

        class Connection
        {
            private readonly CancellationTokenSource _idle = new();
            private readonly SemaphoreSlim _signal = new(0);
            private readonly ManualResetEventSlim _stop = new();
            private readonly BlockingCollection<int> _jobs = new();
            private readonly IWire _wire;
            private CancellationTokenSource _other = new();
            private Task _reading;
            private Thread _thread;
            {{members}}
        }
        interface IWire : IDisposable { bool IsUp { get; } Task<int> ReadAsync(CancellationToken token = default); void Close(); Task CloseAsync(); }
        """;

    private const string Reading = "private async Task ReadAsync() { while (_wire.IsUp) { await _wire.ReadAsync(); _idle.CancelAfter(9); } } ";
    private const string Read = Reading + "public void Start() => _reading = Task.Run(ReadAsync); ";

    [Theory]
    [InlineData(Read + "public async Task CloseAsync() { _wire.Close(); [|_idle.Dispose()|]; await _reading; }")]
    [InlineData(Read + "public async Task CloseAsync() { _idle.Cancel(); [|_idle.Dispose()|]; await _reading.ConfigureAwait(false); }")]
    [InlineData(Read + "public void Close() { [|_idle?.Dispose()|]; _reading?.Wait(); }")]
    [InlineData(Read + "public async Task CloseAsync() { if (_reading == null) { return; } await _wire.CloseAsync(); [|_idle.Dispose()|]; await Task.WhenAll(_reading, Task.Delay(1)); }")]
    [InlineData(Read + "public async Task CloseAsync() { var reading = _reading; if (_wire.IsUp) { [|_idle.Dispose()|]; } if (reading != null) { await reading; } }")]
    [InlineData(Read + "public async Task CloseAsync() { try { [|_idle.Dispose()|]; await _reading.WaitAsync(TimeSpan.FromSeconds(1)); } catch (OperationCanceledException) { } }")]
    [InlineData(Reading + "public void Start() { _reading = ReadAsync(); } public async Task CloseAsync() { [|_idle.Dispose()|]; await _reading; }")]
    [InlineData(Reading + "public void Start() { _reading = Task.Run(() => ReadAsync()); } public async Task CloseAsync() { [|_idle.Dispose()|]; await _reading; }")]
    [InlineData("public void Start() { _reading = Task.Run(async () => { await _wire.ReadAsync(); _signal.Release(); }); } public async Task CloseAsync() { [|_signal.Dispose()|]; await _reading; }")]
    [InlineData("public void Start() { _reading = Task.Run(async () => { try { while (_wire.IsUp) { await _wire.ReadAsync(_idle.Token); } } catch (OperationCanceledException) { } }); } public async Task CloseAsync() { [|_idle.Dispose()|]; await _reading; }")]
    [InlineData("public Connection() { _thread = new Thread(Loop); _thread.Start(); } private void Loop() { while (!_stop.Wait(100)) { _wire.Close(); } } public void Close() { _stop.Set(); [|_stop.Dispose()|]; _thread.Join(); }")]
    [InlineData("public Connection() { _thread = new Thread(Loop); _thread.Start(); } private void Loop() { foreach (var job in _jobs.GetConsumingEnumerable()) { Console.WriteLine(job); } } public void Close() { _jobs.CompleteAdding(); [|_jobs.Dispose()|]; _thread.Join(); }")]
    [InlineData("private async Task ReadAsync() { while (_wire.IsUp) { await _wire.ReadAsync(); Touch(); } } private void Touch() => _idle.CancelAfter(9); public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { [|_idle.Dispose()|]; await _reading; }")]
    public Task Reports_a_field_that_is_disposed_before_the_wait_for_the_work_that_uses_it(string members) => Reports(Connection(members));

    [Fact]
    public Task Says_what_uses_the_field() => Says(
        Connection(Read + """

            public async Task CloseAsync()
            {
                _idle.Dispose();
                await _reading;
            }
            """),
        "'_idle' is disposed here, and the work that line 13 starts, which is waited for only at line 17, still uses it then: wait for the work first, or '_idle.CancelAfter(9)' at line 13 may throw ObjectDisposedException");

    [Theory]
    [InlineData(Read + "public async Task CloseAsync() { _wire.Close(); await _reading; _idle.Dispose(); }")]
    [InlineData(Read + "public async Task CloseAsync() { await _reading; _idle.Dispose(); await _reading; }")]
    [InlineData(Read + "public void Close() { _wire.Close(); _idle.Dispose(); }")]
    [InlineData(Read + "public async Task CloseAsync() { if (_reading.IsCompleted) { _idle.Dispose(); } await _reading; }")]
    [InlineData(Read + "public async Task CloseAsync() { if (_wire.IsUp) { _idle.Dispose(); } else { await _reading; } }")]
    [InlineData(Read + "public async Task CloseAsync() { if (_wire.IsUp) { _idle.Dispose(); return; } await _reading; }")]
    [InlineData(Read + "public async Task CloseAsync() { await JoinAsync(); _idle.Dispose(); await _reading; } private Task JoinAsync() => _reading;")]
    [InlineData(Read + "private readonly TaskCompletionSource _done = new(); public async Task CloseAsync() { await _done.Task; _idle.Dispose(); await _reading; }")]
    [InlineData(Read + "public async Task CloseAsync() { _stop.Wait(); _idle.Dispose(); await _reading; }")]
    [InlineData(Read + "public async Task CloseAsync() { _wire.Dispose(); _other.Dispose(); await _reading; }")]
    [InlineData(Read + "public async Task CloseAsync() { _idle.Dispose(); try { await _reading; } catch (Exception) { } }")]
    [InlineData("private async Task ReadAsync() { while (_wire.IsUp) { await _wire.ReadAsync(); try { _idle.CancelAfter(9); } catch (ObjectDisposedException) { return; } } } public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _idle.Dispose(); await _reading; }")]
    [InlineData("private async Task ReadAsync() { while (_wire.IsUp) { await _wire.ReadAsync(); _other.CancelAfter(9); } } public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _other.Dispose(); _other = new(); await _reading; }")]
    [InlineData("private async Task ReadAsync() { var token = _idle.Token; while (!token.IsCancellationRequested) { await _wire.ReadAsync(token); } } public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _idle.Cancel(); _idle.Dispose(); await _reading; }")]
    [InlineData("private async Task ReadAsync() { await _wire.ReadAsync(_idle.Token); } public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _idle.Dispose(); await _reading; }")]
    [InlineData("private async Task ReadAsync() { while (!_idle.IsCancellationRequested) { await _wire.ReadAsync(); } } public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _idle.Cancel(); _idle.Dispose(); await _reading; }")]
    [InlineData("private async Task ReadAsync() { while (_wire.IsUp) { await _wire.ReadAsync(_idle.Token); } } public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _idle.Cancel(); _idle.Dispose(); await _reading; }")]
    [InlineData("private async Task ReadAsync(CancellationToken token) { while (_wire.IsUp) { await _wire.ReadAsync(token); } } public void Start() => _reading = Task.Run(() => ReadAsync(_idle.Token), _idle.Token); public async Task CloseAsync() { _idle.Dispose(); await _reading; }")]
    [InlineData("private async Task ReadAsync() { foreach (var job in Read(_idle.Token)) { await _wire.ReadAsync(); } } private int[] Read(CancellationToken token) => []; public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _idle.Dispose(); await _reading; }")]
    [InlineData("private async Task ReadAsync() { while (_wire.IsUp) { await _wire.ReadAsync(); } } public void Start() => _reading = ReadAsync(); public async Task CloseAsync() { _wire.Dispose(); await _reading; }")]
    [InlineData(Reading + "public void Start() => _reading = Task.Run(() => _wire.ReadAsync()); public Task Both() => ReadAsync(); public async Task CloseAsync() { _idle.Dispose(); await _reading; }")]
    public Task Silent_where_the_work_is_over_or_does_without_the_field(string members) => Silent(Connection(members));
}
