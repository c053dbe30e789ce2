using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1004_WrongTokenTests() : RuleTest("SLC1004")
{
    [Theory]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); linked.CancelAfter(5000); await Work([|ct|]);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, other); await Work([|other|]); await Work([|ct|]);")]
    [InlineData("using (var linked = CancellationTokenSource.CreateLinkedTokenSource(ct)) { await Work(linked.Token); await Work([|ct|]); }")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work(linked.Token); await Work([|ct|]); await Work(linked.Token);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); linked.CancelAfter(5000); await Work([|ct|]); await Work(linked.Token);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); var token = linked.Token; await Work(token); await Work([|ct|]); await Work(token);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); try { await Work(linked.Token); await Work([|ct|]); } catch (OperationCanceledException) when (!ct.IsCancellationRequested) { throw new TimeoutException(); }")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); await Task.WhenAll(Work(linked.Token), Work([|ct|]));")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); try { await Work([|ct|]); } catch { linked.Cancel(); throw; }")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(_life); await Work([|_life|]);")]
    [InlineData("using var time = new CancellationTokenSource(1000); using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token); await Work([|time.Token|]);")]
    [InlineData("using var time = new CancellationTokenSource(1000); await Parallel.ForEachAsync(new[] { 1 }, time.Token, async (n, token) => await Work([|time.Token|]));")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); await Task.WhenAll(new[] { 1, 2 }.Select(n => Work([|ct|])));")]
    [InlineData("await Parallel.ForEachAsync(new[] { 1 }, ct, async (n, token) => await Work([|ct|]));")]
    [InlineData("await Inner(ct); async Task Inner(CancellationToken own) { await Work([|other|]); await Work(own); }")]
    [InlineData("Func<CancellationToken, Task> work = own => Work([|ct|]); await work(other);")]
    public Task Reports_a_token_from_further_out(string statements) => Reports(In(statements));

    [Theory]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); linked.CancelAfter(5000); await Work(linked.Token);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); linked.CancelAfter(5000); await Work(linked.Token); await Work(ct);")]
    [InlineData("await Work(ct); using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work(linked.Token);")]
    [InlineData("using (var linked = CancellationTokenSource.CreateLinkedTokenSource(ct)) { await Work(linked.Token); } await Work(ct);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); var work = Work(ct); if (await Task.WhenAny(work, Task.Delay(1000, linked.Token)) != work) throw new TimeoutException(); linked.Cancel();")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); var beat = Work(linked.Token); await Work(ct); linked.Cancel(); await beat;")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); try { await Work(linked.Token); } catch (OperationCanceledException) { await Work(ct); throw; }")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); using var second = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work(linked.Token); await Work(second.Token);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(other); await Work(ct); await Work(linked.Token);")]
    [InlineData("var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); _kept = linked; await Work(ct);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); ct.ThrowIfCancellationRequested(); await Work(linked.Token); ct.ThrowIfCancellationRequested();")]
    [InlineData("await Parallel.ForEachAsync(new[] { 1 }, ct, async (n, token) => await Work(token));")]
    [InlineData("await Parallel.ForEachAsync(new[] { 1 }, ct, async (n, _) => await Work(ct));")]
    [InlineData("await Parallel.ForEachAsync(new[] { 1 }, ct, async (n, token) => { using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, token); await Work(both.Token); });")]
    [InlineData("await Work(ct); await Work(_life);")]
    [InlineData("var done = new TaskCompletionSource(); using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); done.TrySetCanceled(ct); await Work(linked.Token);")]
    public Task Silent_where_it_is_the_one_that_is_meant(string statements) => Silent(In(statements));

    [Fact]
    public Task Reports_a_token_of_the_object_where_the_call_has_its_own() => Reports("""
        class C(CancellationToken life)
        {
            private readonly CancellationToken _life = life;
            async Task M(CancellationToken ct) => await Task.Delay(1, [|_life|]);
            async Task N(CancellationToken ct) { ct.ThrowIfCancellationRequested(); await Task.Delay(1, _life); }
            Task Start(CancellationToken ct) => Task.Delay(1, _life);
        }
        """);

    [Fact]
    public Task Says_whose_it_is() => Says(
        In("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work(ct); await Parallel.ForEachAsync(new[] { 1 }, other, async (n, token) => await Work(other));"),
        "'Work' is given 'ct', though 'linked' was linked to it for this work: pass 'linked.Token'",
        "'Work' is given 'other', which belongs to the code around: pass 'token'");

    [Fact]
    public Task Fixes_by_passing_the_nearer_one() => Fixes(
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
                timeout.CancelAfter(5000);
                await Task.Delay(1, [|ct|]);
                await Parallel.ForEachAsync(new[] { 1 }, timeout.Token, async (n, token) => await Task.Delay(n, /* outer */ [|ct|]));
            }
        }
        """,
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
                timeout.CancelAfter(5000);
                await Task.Delay(1, timeout.Token);
                await Parallel.ForEachAsync(new[] { 1 }, timeout.Token, async (n, token) => await Task.Delay(n, /* outer */ token));
            }
        }
        """);

    [Fact]
    public Task Reports_the_second_of_two_calls_that_are_the_same() => Reports("""
        class C
        {
            async Task M(Stream stream, byte[] head, byte[] body, CancellationToken ct, CancellationToken stop)
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, stop);
                var token = linked.Token;
                await stream.ReadExactlyAsync(head, token);
                await stream.ReadExactlyAsync(body, [|ct|]);
            }

            async Task N(Stream stream, Stream other, byte[] head, CancellationToken ct, CancellationToken stop)
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, stop);
                await stream.WriteAsync(head, 0, 1, linked.Token);
                await other.WriteAsync(head, 0, 1, ct);
                await stream.FlushAsync(ct);
            }
        }
        """);

    // dotnet/runtime#88403: a lambda and a local function that are given a token of their own, and an object that keeps one.
    [Fact]
    public Task Reports_the_outer_of_two_tokens() => Reports("""
        class Fixer
        {
            private readonly CancellationToken _kept;
            public Fixer(CancellationToken kept) => _kept = kept;
            Task Register(Func<CancellationToken, Task> change, CancellationToken outer) => Task.Run(() => change(outer), outer);
            async Task M(CancellationToken ct1)
            {
                await Register(async ct2 => await Work([|ct1|]), ct1);
                await Inner(ct1);
                async Task Inner(CancellationToken ct2) => await Work([|ct1|]);
            }

            async Task N(CancellationToken ct) => await Work([|_kept|]);
            static Task Work(CancellationToken ct) => Task.Delay(1, ct);
        }
        """);

    private static string In(string statements) => $$"""
        class C
        {
            private readonly CancellationToken _life;
            private CancellationTokenSource? _kept;
            async Task M(CancellationToken ct, CancellationToken other) { {{statements}} }
            Task Work(CancellationToken ct) => Task.Delay(1, ct);
        }
        """;
}
