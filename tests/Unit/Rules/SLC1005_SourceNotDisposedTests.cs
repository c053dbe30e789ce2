using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1005_SourceNotDisposedTests() : RuleTest("SLC1005")
{
    [Theory]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; await Work(cts.Token);")]
    [InlineData("var cts = [|new CancellationTokenSource(TimeSpan.FromSeconds(5))|]; await Work(cts.Token);")]
    [InlineData("CancellationTokenSource cts = [|new(5000)|]; await Work(cts.Token);")]
    [InlineData("var cts = [|new CancellationTokenSource()|]; cts.CancelAfter(5000); await Work(cts.Token);")]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct, _life.Token)|]; var token = cts.Token; await Work(token);")]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource([ct, _life.Token])|]; await Task.Run(() => Work(cts.Token));")]
    [InlineData("await Work([|CancellationTokenSource.CreateLinkedTokenSource(ct, _life.Token)|].Token);")]
    [InlineData("await Work([|new CancellationTokenSource(5000)|].Token);")]
    [InlineData("var token = [|CancellationTokenSource.CreateLinkedTokenSource(ct, _life.Token)|].Token; await Work(token);")]
    [InlineData("CancellationTokenSource cts; cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; await Work(cts.Token);")]
    [InlineData("Func<Task> later = async () => { var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; await Work(cts.Token); }; await later();")]
    public Task Reports_a_source_that_nobody_disposes(string statements) => Reports(In(statements));

    [Theory]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; await Work(cts.Token); cts.Dispose();")]
    [InlineData("var cts = [|new CancellationTokenSource(5000)|]; await Work(cts.Token); cts.Cancel();")]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; if (!Ready()) { return; } cts.Dispose();")]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; try { await Work(cts.Token); cts.Dispose(); } catch (IOException) { Console.WriteLine(); }")]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; try { await Work(cts.Token); } catch { cts.Cancel(); throw; }")]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; try { await Work(cts.Token); } finally { if (Ready()) { cts.Dispose(); } }")]
    [InlineData("foreach (int n in new[] { 1, 2 }) { var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; if (Ready()) continue; await Work(cts.Token); cts.Dispose(); }")]
    [InlineData("var cts = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|]; switch (ct.CanBeCanceled) { case true: return; default: cts.Dispose(); break; }")]
    public Task Reports_a_source_that_some_path_leaves_behind(string statements) => Reports(In(statements));

    [Theory]
    [InlineData("using var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work(cts.Token);")]
    [InlineData("using (var cts = new CancellationTokenSource(5000)) { await Work(cts.Token); }")]
    [InlineData("var cts = new CancellationTokenSource(5000); using (cts) { await Work(cts.Token); }")]
    [InlineData("var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); try { await Work(cts.Token); } finally { cts.Dispose(); }")]
    [InlineData("CancellationTokenSource? cts = null; try { cts = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work(cts.Token); } finally { cts?.Dispose(); }")]
    [InlineData("using var cts = Ready() ? new CancellationTokenSource(5000) : null; await Work(cts?.Token ?? ct);")]
    [InlineData("var cts = Ready() ? new CancellationTokenSource(5000) : null; try { await Work(cts?.Token ?? ct); } finally { cts?.Dispose(); }")]
    [InlineData("var cts = new CancellationTokenSource(); await Work(cts.Token);")]
    [InlineData("var cts = new CancellationTokenSource(Timeout.Infinite); await Work(cts.Token);")]
    [InlineData("var cts = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None); await Work(cts.Token);")]
    [InlineData("using var own = new CancellationTokenSource(); var cts = CancellationTokenSource.CreateLinkedTokenSource(own.Token); await Work(cts.Token);")]
    [InlineData("var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); _kept = cts; await Work(cts.Token);")]
    [InlineData("_sources.Add(CancellationTokenSource.CreateLinkedTokenSource(ct)); await Work(ct);")]
    [InlineData("var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); new Job(cts).Start(); await Work(ct);")]
    [InlineData("var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); _ = Work(cts.Token).ContinueWith(_ => cts.Dispose()); await Work(ct);")]
    [InlineData("var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); await Use(cts);")]
    [InlineData("var cts = new CancellationTokenSource(5000); try { await Work(cts.Token); } finally { await cts.CancelAsync(); }")]
    [InlineData("_life.CancelAfter(5000); await Work(_life.Token);")]
    [InlineData("_token = new CancellationTokenSource(5000).Token; await Work(ct);")]
    [InlineData("Console.WriteLine(); var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); Prepare(); try { await Work(cts.Token); } finally { cts.Dispose(); }")]
    public Task Silent_where_somebody_ends_it_or_nothing_holds_it(string statements) => Silent(In(statements));

    [Fact]
    public Task Reports_a_linked_source_whose_token_is_all_that_is_left() => Reports("""
        class C
        {
            static CancellationToken Both(CancellationToken one, CancellationToken other)
            {
                var both = [|CancellationTokenSource.CreateLinkedTokenSource(one, other)|];
                return both.Token;
            }

            static CancellationToken Either(CancellationToken one, CancellationToken other) => [|CancellationTokenSource.CreateLinkedTokenSource(one, other)|].Token;
        }
        """);

    [Fact]
    public Task Silent_where_it_is_returned_or_its_timer_is_wanted() => Silent("""
        class C
        {
            static CancellationTokenSource Linked(CancellationToken ct) => CancellationTokenSource.CreateLinkedTokenSource(ct);
            static CancellationTokenSource Timed(CancellationToken ct)
            {
                var source = CancellationTokenSource.CreateLinkedTokenSource(ct);
                source.CancelAfter(1000);
                return source;
            }

            static CancellationToken After(TimeSpan time) => new CancellationTokenSource(time).Token;
            static CancellationToken Later(TimeSpan time) { var source = new CancellationTokenSource(time); return source.Token; }
        }
        """);

    [Fact]
    public Task Reports_a_field_that_no_code_of_the_type_disposes() => Reports("""
        class C
        {
            private readonly CancellationTokenSource _source;
            private readonly CancellationTokenSource _timed = [|new(TimeSpan.FromMinutes(1))|];
            public C(CancellationToken ct) => _source = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|];
            public Task Run() => Task.Delay(1, _source.Token);
            public bool IsOver => _timed.IsCancellationRequested;
        }
        """);

    [Fact]
    public Task Reports_a_field_whose_old_source_is_replaced() => Reports("""
        class C : IDisposable
        {
            private CancellationTokenSource? _source;
            public async Task OnTextChanged(string text)
            {
                _source = [|new CancellationTokenSource(500)|];
                await Task.Delay(100, _source.Token);
            }

            public void Dispose() => _source?.Dispose();
        }
        """);

    [Fact]
    public Task Silent_for_fields_that_are_ended() => Silent("""
        class C(CancellationToken parent) : IDisposable
        {
            private readonly CancellationTokenSource _linked = CancellationTokenSource.CreateLinkedTokenSource(parent);
            private CancellationTokenSource? _last;
            private CancellationTokenSource? _run;

            public void OnTextChanged()
            {
                _last?.Cancel();
                _last = CancellationTokenSource.CreateLinkedTokenSource(_linked.Token);
            }

            public void OnOther()
            {
                Stop();
                _run = CancellationTokenSource.CreateLinkedTokenSource(_linked.Token);
            }

            public void Start() => _run = CancellationTokenSource.CreateLinkedTokenSource(_linked.Token);

            public void Stop() => _run?.Cancel();

            public void Dispose()
            {
                _linked.Dispose();
                _last?.Dispose();
                Interlocked.Exchange(ref _run, null)?.Dispose();
            }
        }
        """);

    [Fact]
    public Task Silent_in_a_program() => Silent("""
        var stop = CancellationTokenSource.CreateLinkedTokenSource(Token());
        await Task.Delay(1, stop.Token);
        static CancellationToken Token() => default;
        """);

    [Fact]
    public Task Says_when_it_is_left_behind() => Says(
        In("var cts = CancellationTokenSource.CreateLinkedTokenSource(ct); await Work(cts.Token); cts.Dispose();"),
        "'cts' is not disposed if 'Work' at line 7 throws: 'ct' keeps it, one more each time, until that is cancelled; say 'using'");

    [Fact]
    public Task Fixes_with_using() => Fixes(
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                // five seconds
                var timeout = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|];
                timeout.CancelAfter(5000);
                await Task.Delay(1, timeout.Token);
                timeout.Dispose();
            }

            async Task N(CancellationToken ct)
            {
                // both
                await Task.Delay(1, [|CancellationTokenSource.CreateLinkedTokenSource(ct)|].Token);
            }
        }
        """,
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                // five seconds
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
                timeout.CancelAfter(5000);
                await Task.Delay(1, timeout.Token);
            }

            async Task N(CancellationToken ct)
            {
                // both
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
                await Task.Delay(1, linked.Token);
            }
        }
        """);

    [Fact]
    public Task Not_fixed_where_the_work_goes_on() => NotFixed("""
        class C
        {
            Task M(CancellationToken ct)
            {
                var timeout = [|CancellationTokenSource.CreateLinkedTokenSource(ct)|];
                return Task.Delay(1, timeout.Token);
            }
        }
        """);

    private static string In(string statements) => $$"""
        class C
        {
            private readonly CancellationTokenSource _life = new();
            private readonly List<CancellationTokenSource> _sources = new();
            private CancellationTokenSource? _kept;
            private CancellationToken _token;
            async Task M(CancellationToken ct) { {{statements}} }
            bool Ready() => _kept is null;
            void Prepare() => File.Delete("x");
            Task Work(CancellationToken ct) => Task.Delay(1, ct);
            Task Use(CancellationTokenSource source) { _kept = source; return Task.CompletedTask; }
            class Job(CancellationTokenSource source) { public void Start() => source.Cancel(); }
        }
        """;
}
