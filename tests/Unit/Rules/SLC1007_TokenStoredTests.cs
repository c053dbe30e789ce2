using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1007_TokenStoredTests() : RuleTest("SLC1007")
{
    [Theory]
    [InlineData("private CancellationToken [|_ct|]; public Task Open(CancellationToken ct) { _ct = ct; return Task.CompletedTask; } public Task Save() => Task.Delay(1, _ct);")]
    [InlineData("private readonly CancellationToken [|_ct|]; public C(CancellationToken ct) { _ct = ct; } public Task Load() => Task.Delay(1, _ct); public Task Save() => Task.Delay(1, _ct);")]
    [InlineData("private readonly CancellationToken [|_ct|]; public C(CancellationToken ct) => _ct = ct; public async Task<int> Load() { await Task.Delay(1, _ct); return 1; } public async Task Save() => await Task.Delay(1, _ct);")]
    [InlineData("public CancellationToken [|Token|] { get; private set; } public void Begin(CancellationToken token) => Token = token;")]
    [InlineData("private CancellationToken [|_ct|]; internal void Use(CancellationToken ct) => this._ct = ct;")]
    public Task Reports_the_token_of_a_call_in_a_field(string members) => Reports($"class C {{ {members} }}");

    [Fact]
    public Task Reports_the_token_of_a_primary_constructor() => Reports("""
        class C(CancellationToken ct)
        {
            private readonly CancellationToken [|_ct|] = ct;
            public Task Load() => Task.Delay(1, _ct);
            public Task Save() => Task.Delay(1, _ct);
        }
        """);

    [Theory]
    [InlineData("class C { private readonly CancellationTokenSource _life = new(); private readonly CancellationToken _ct; public C() => _ct = _life.Token; public Task Load() => Task.Delay(1, _ct); public Task Save() => Task.Delay(1, _ct); }")]
    [InlineData("struct C { private readonly CancellationToken _ct; public C(CancellationToken ct) => _ct = ct; public Task Load() => Task.Delay(1, _ct); public Task Save() => Task.Delay(1, _ct); }")]
    [InlineData("record C(CancellationToken Ct) { public Task Load() => Task.Delay(1, Ct); public Task Save() => Task.Delay(1, Ct); }")]
    [InlineData("class RequestContext { private CancellationToken _ct; public void Use(CancellationToken ct) => _ct = ct; public CancellationToken Ct => _ct; }")]
    [InlineData("class LoadOptions { public CancellationToken Token { get; set; } }")]
    [InlineData("class Download { private readonly CancellationToken _ct; public Download(CancellationToken ct) => _ct = ct; public Task Run() => Task.Delay(1, _ct); }")]
    [InlineData("class Outer { private class Inner { private CancellationToken _ct; public void Use(CancellationToken ct) => _ct = ct; public bool Over => _ct.IsCancellationRequested; } }")]
    [InlineData("class Numbers : IAsyncEnumerable<int> { private CancellationToken _ct; public void Use(CancellationToken ct) => _ct = ct; public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken ct) { _ct = ct; throw new NotSupportedException(_ct.ToString()); } }")]
    [InlineData("class BackgroundService { } class Worker : BackgroundService { private CancellationToken _stop; public void Use(CancellationToken stop) => _stop = stop; public bool Over => _stop.IsCancellationRequested; }")]
    [InlineData("class C { public CancellationToken Token { get; } = CancellationToken.None; public Task Load() => Task.Delay(1, Token); public Task Save() => Task.Delay(1, Token); }")]
    public Task Silent_where_the_object_lives_as_long_as_the_token(string source) => Silent(source);

    [Theory]
    [InlineData("class C(Stream stream, CancellationToken [|ct|]) { public Task Load() => stream.FlushAsync(ct); public Task Save(byte[] data) => stream.WriteAsync(data, 0, 1, ct); }")]
    [InlineData("class C { private readonly Stream _stream; private readonly CancellationToken [|_ct|]; public C(Stream stream, CancellationToken ct) => (_stream, _ct) = (stream, ct); public Task Save(byte[] data) => _stream.WriteAsync(data, 0, 1, _ct); }")]
    [InlineData("class C { public CancellationToken [|Stop|] { get; set; } public Task Save(string path) => File.WriteAllTextAsync(path, path, Stop); }")]
    public Task Reports_other_ways_to_keep_it(string source) => Reports(source);

    [Theory]
    [InlineData("class C { private readonly int _n; private readonly bool _over; public C(int n, CancellationToken ct) => (_n, _over) = (n, ct.IsCancellationRequested); public Task Save(string path) => Task.Delay(_over ? _n : 1); }")]
    [InlineData("class C(CancellationToken ct) { private readonly bool _over = ct.IsCancellationRequested; public Task Load(int n) => Task.Delay(_over ? n : 1); }")]
    [InlineData("class C(CancellationToken ct) { public Task Run() => Task.Delay(1, ct); }")]
    [InlineData("class C(CancellationToken sessionEnd) { public Task Load(int n) => Task.Delay(n, sessionEnd); public Task Save(int n) => Task.Delay(n, sessionEnd); }")]
    [InlineData("class C { public CancellationToken Stop { get; init; } public string Name { get; set; } = string.Empty; }")]
    public Task Silent_where_it_is_not_kept_between_calls(string source) => Silent(source);
}
