using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1003_NoneThoughTokenInScopeTests() : RuleTest("SLC1003")
{
    [Theory]
    [InlineData("await Task.Delay(1, [|CancellationToken.None|]);")]
    [InlineData("await Task.Delay(1, [|default|]);")]
    [InlineData("await Task.Delay(1, [|default(CancellationToken)|]);")]
    [InlineData("await Task.Delay(1, [|new CancellationToken()|]);")]
    [InlineData("await Work(cancellationToken: [|CancellationToken.None|]).ConfigureAwait(false);")]
    [InlineData("await Task.WhenAll(Work([|default|]), Work(ct));")]
    [InlineData("var work = Work([|CancellationToken.None|]); await work;")]
    [InlineData("var none = CancellationToken.None; await Work([|none|]);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work([|default|]);")]
    [InlineData("new SemaphoreSlim(1).Wait([|CancellationToken.None|]);")]
    [InlineData("Work([|CancellationToken.None|]).Wait();")]
    [InlineData("await Task.WhenAll(new[] { 1, 2 }.Select(async n => { await Task.Delay(n, [|CancellationToken.None|]); }));")]
    [InlineData("await Task.Run(async () => await Work([|default|]));")]
    [InlineData("await Parallel.ForEachAsync(new[] { 1 }, ct, async (n, token) => await Task.Delay(n, [|CancellationToken.None|]));")]
    [InlineData("async Task Inner() => await Work([|default|]); await Inner();")]
    [InlineData("Func<CancellationToken, Task> work = token => Work([|default|]); await work(ct);")]
    public Task Reports_a_call_that_waits(string statement) => Reports(In(statement));

    [Theory]
    [InlineData("try { await Work(ct); } finally { await Work(CancellationToken.None); }")]
    [InlineData("try { await Work(ct); } catch (IOException) { await Work(CancellationToken.None); throw; }")]
    [InlineData("if (ct.IsCancellationRequested) { await Work(CancellationToken.None); }")]
    [InlineData("_ = Work(CancellationToken.None);")]
    [InlineData("await Task.Run(() => Console.WriteLine(), CancellationToken.None);")]
    [InlineData("await Work(ct);")]
    [InlineData("await StopAsync(CancellationToken.None);")]
    [InlineData("await RollbackAsync(CancellationToken.None);")]
    [InlineData("Console.WriteLine(CancellationToken.None);")]
    [InlineData("new TaskCompletionSource().TrySetCanceled(default);")]
    public Task Silent_where_it_is_meant(string statement) => Silent(In(statement));

    [Fact]
    public Task Reports_where_a_local_holds_the_token() => Reports("""
        class C
        {
            async Task M()
            {
                using var source = new CancellationTokenSource(5000);
                var token = source.Token;
                await Task.Delay(1, token);
                await Task.Delay(1, [|CancellationToken.None|]);
            }
        }
        """);

    [Fact]
    public Task Silent_without_a_token() => Silent("""
        class C
        {
            async Task M() => await Task.Delay(1, CancellationToken.None);
            static async Task N(Task work) => await work.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
        """);

    [Fact]
    public Task Fixes_by_passing_it() => Fixes(
        "class C { async Task M(CancellationToken stop) { await Task.Delay(1, [|CancellationToken.None|] /* ms */); await Task.Delay(2, cancellationToken: [|default|]); } }",
        "class C { async Task M(CancellationToken stop) { await Task.Delay(1, stop /* ms */); await Task.Delay(2, cancellationToken: stop); } }");

    private static string In(string statement) => $$"""
        class C
        {
            async Task M(CancellationToken ct) { await Task.Yield(); {{statement}} }
            Task Work(CancellationToken cancellationToken) => Task.Delay(1, cancellationToken);
            Task StopAsync(CancellationToken ct) => Task.Delay(1, ct);
            Task RollbackAsync(CancellationToken ct) => Task.Delay(1, ct);
        }
        """;
}
