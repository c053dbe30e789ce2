using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1008_CancellationSwallowedTests() : RuleTest("SLC1008")
{
    [Theory]
    [InlineData("try { await Work(ct); } [|catch (Exception)|] { Console.WriteLine(); }")]
    [InlineData("try { await Work(ct); } [|catch|] { }")]
    [InlineData("try { await Work(ct).ConfigureAwait(false); } [|catch (Exception e)|] { Console.WriteLine(e); }")]
    [InlineData("while (true) { try { await Work(ct); } catch (IOException) { throw; } [|catch (Exception e)|] { Log.Error(e, e.Message); } }")]
    [InlineData("try { await Work(ct); } [|catch (OperationCanceledException)|] { } Console.WriteLine();")]
    [InlineData("while (!ct.IsCancellationRequested) { try { await Work(ct); } [|catch (TaskCanceledException)|] { } }")]
    [InlineData("Func<Task> work = async () => { try { await Work(ct); } [|catch (Exception)|] { } }; await work();")]
    public Task Reports_a_catch_that_keeps_it(string statement) => Reports(In(statement));

    [Theory]
    [InlineData("try { await Work(ct); } catch (Exception) { throw; }")]
    [InlineData("try { await Work(ct); } catch (Exception e) when (e is not OperationCanceledException) { Console.WriteLine(e); }")]
    [InlineData("try { await Work(ct); } catch (OperationCanceledException) { throw; } catch (Exception e) { Console.WriteLine(e); }")]
    [InlineData("try { await Work(ct); } catch (OperationCanceledException) when (ct.IsCancellationRequested) { } Console.WriteLine();")]
    [InlineData("try { await Work(ct); } catch (OperationCanceledException) { return; } catch (Exception e) { Console.WriteLine(e); }")]
    [InlineData("try { await Work(ct); } catch (OperationCanceledException) { Console.WriteLine(\"cancelled\"); } Console.WriteLine();")]
    [InlineData("try { await Work(ct); } catch (OperationCanceledException) { /* that is how it ends */ } Console.WriteLine();")]
    [InlineData("try { await Work(ct); } catch (OperationCanceledException) { }")]
    [InlineData("try { await Work(ct); } catch (Exception e) { done.TrySetException(e); }")]
    [InlineData("try { await Work(ct); } catch (Exception e) { if (ct.IsCancellationRequested) { return; } Console.WriteLine(e); }")]
    [InlineData("try { await Work(default); } catch (Exception e) { Console.WriteLine(e); }")]
    [InlineData("try { await Task.Yield(); } catch (Exception e) { Console.WriteLine(e); }")]
    [InlineData("try { await Work(ct); } catch (IOException e) { Console.WriteLine(e); }")]
    [InlineData("try { await Work(ct); } catch (Exception e) { throw new InvalidOperationException(\"no\", e); }")]
    public Task Silent_where_it_is_let_through_or_told(string statement) => Silent(In(statement));

    [Theory]
    [InlineData("try { return await Work(ct); } [|catch (OperationCanceledException)|] { return -1; }")]
    [InlineData("try { return await Work(ct); } [|catch (TaskCanceledException)|] { return default; }")]
    public Task Reports_what_the_caller_takes_for_a_result(string statement) => Reports(Called(statement));

    [Theory]
    [InlineData("try { return await Work(ct); } catch (OperationCanceledException) when (!ct.IsCancellationRequested) { return -1; }")]
    [InlineData("try { return await Work(stop.Token); } catch (OperationCanceledException) { return -1; }")]
    [InlineData("try { while (true) { await Work(ct); } } catch (OperationCanceledException) { return -1; }")]
    [InlineData("try { return await Work(ct); } catch (OperationCanceledException) { return last; }")]
    [InlineData("try { return await Work(ct); } catch (OperationCanceledException) { Console.WriteLine(); return -1; }")]
    public Task Silent_where_the_caller_knows(string statement) => Silent(Called(statement));

    [Fact]
    public Task Reports_an_empty_catch_of_the_caller_s_cancellation() => Reports("""
        class C
        {
            public async Task Save(Stream to, CancellationToken ct)
            {
                try { await to.FlushAsync(ct); } [|catch (OperationCanceledException)|] { }
            }

            public async Task<bool> TrySave(Stream to, CancellationToken ct)
            {
                try { await to.FlushAsync(ct); return true; } catch (OperationCanceledException) { return false; }
            }
        }
        """);

    private static string Called(string statement) => $$"""
        class C
        {
            public async Task<int> M(CancellationToken ct, CancellationTokenSource stop, int last) { {{statement}} }

            private static async Task<int> Work(CancellationToken token) { await Task.Delay(1, token); return 1; }
        }
        """;

    [Fact]
    public Task Fixes_with_a_filter() => Fixes(
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                try
                {
                    await Task.Delay(1, ct);
                }
                [|catch (Exception exception)|] // failed
                {
                    Console.WriteLine(exception);
                }

                try
                {
                    await Task.Delay(1, ct);
                }
                [|catch (Exception)|]
                {
                }

                try
                {
                    await Task.Delay(1, ct);
                }
                [|catch|]
                {
                }

                try
                {
                    await Task.Delay(1, ct);
                }
                [|catch (OperationCanceledException)|]
                {
                }

                Console.WriteLine();
            }
        }
        """,
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                try
                {
                    await Task.Delay(1, ct);
                }
                catch (Exception exception) when (exception is not OperationCanceledException) // failed
                {
                    Console.WriteLine(exception);
                }

                try
                {
                    await Task.Delay(1, ct);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                }

                try
                {
                    await Task.Delay(1, ct);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                }

                try
                {
                    await Task.Delay(1, ct);
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                }

                Console.WriteLine();
            }
        }
        """);

    [Theory]
    [InlineData("public async Task<bool> Load(CancellationToken ct) { try { await Work(ct); return true; } [|catch (Exception e)|] when (e is IOException or OperationCanceledException) { return false; } }")]
    [InlineData("public async Task<bool> Load(CancellationToken ct) { try { await Work(ct); return true; } [|catch (Exception e)|] when (e is IOException || e is TaskCanceledException) { return false; } }")]
    public Task Reports_a_filter_that_lets_the_cancellation_in(string member) => NotFixed($$"""public class C { {{member}} Task Work(CancellationToken ct) => Task.Delay(1, ct); }""");

    [Theory]
    [InlineData("public async Task<bool> Load(CancellationToken ct) { try { await Work(ct); return true; } catch (Exception e) when (e is IOException) { return false; } }")]
    [InlineData("public async Task<bool> Load(CancellationToken ct) { try { await Work(ct); return true; } catch (Exception e) when (e is not OperationCanceledException) { return false; } }")]
    [InlineData("public async Task<bool> Load(CancellationToken ct) { try { await Work(ct); return true; } catch (Exception e) when (e is OperationCanceledException && !ct.IsCancellationRequested) { return false; } }")]
    [InlineData("public async Task<bool> TryLoad(CancellationToken ct) { try { await Work(ct); return true; } catch (Exception e) when (e is IOException or OperationCanceledException) { return false; } }")]
    public Task Silent_where_a_filter_asks_for_more(string member) => Silent($$"""public class C { {{member}} Task Work(CancellationToken ct) => Task.Delay(1, ct); }""");

    [Fact]
    public Task Reports_a_loop_that_goes_round_again() => Reports("""
        class C
        {
            async Task M(Func<CancellationToken, Task> poll, CancellationToken ct)
            {
                while (true) { try { await poll(ct); } [|catch (OperationCanceledException)|] { continue; } }
            }

            async Task N(Func<CancellationToken, Task> poll, CancellationToken ct)
            {
                while (true) { try { await poll(ct); } catch (OperationCanceledException) { break; } }
                while (true) { try { await poll(ct); } catch (OperationCanceledException) { continue; /* a time-out of its own */ } }
            }
        }
        """);

    private static string In(string statement) => $$"""
        static class Log { public static void Error(Exception e, string message) { } }
        class C
        {
            async Task M(CancellationToken ct, TaskCompletionSource done) { await Task.Yield(); {{statement}} }
            Task Work(CancellationToken ct) => Task.Delay(1, ct);
        }
        """;
}
