using Microsoft.CodeAnalysis.Text;
using Sluice.Model;

namespace Sluice.Tests.Model;

/// <summary>What the words of a text mention.</summary>
public sealed class MentionsTests
{
    [Theory]
    [InlineData("lock (x) { }", (int)Mentions.Lock)]
    [InlineData("Monitor.TryEnter(x)", (int)Mentions.Lock)]
    [InlineData("private Lock _l;", (int)Mentions.Lock)]
    [InlineData("x.WaitAsync()", (int)(Mentions.Lock | Mentions.AsyncName))]
    [InlineData("x.FlushAsync()", (int)Mentions.AsyncName)]
    [InlineData("rw.TryEnterUpgradeableReadLock(3)", (int)Mentions.Lock)]
    [InlineData("await x;", (int)Mentions.Async)]
    [InlineData("for (;;)", (int)Mentions.For)]
    [InlineData("do { } while (true)", (int)Mentions.While)]
    [InlineData("Channel.CreateBounded<int>(3)", (int)Mentions.Channel)]
    [InlineData("new Thread(f)", (int)Mentions.Spawn)]
    [InlineData("CancellationToken ct", (int)Mentions.Token)]
    [InlineData("@lock", (int)Mentions.Lock)]
    [InlineData("async Task M(CancellationToken ct) { lock (x) { } }", (int)(Mentions.Async | Mentions.AsyncCode | Mentions.Spawn | Mentions.Token | Mentions.Lock))]
    [InlineData("lock", (int)Mentions.Lock)]
    [InlineData("", 0)]
    [InlineData("clock locks Locked _lock lock1 lock_", 0)]
    [InlineData("fork before forest 3for", 0)]
    [InlineData("lockö ölock", 0)]
    [InlineData("foreach (var x in xs) { Do(x); }", 0)]
    public void Words(string text, int mentions) => Assert.Equal((Mentions)mentions, MentionIndex.Of(SourceText.From(text)).In(new(0, text.Length)));

    [Fact]
    public void Only_what_begins_in_the_span_counts()
    {
        const string Text = "lock await for";
        var index = MentionIndex.Of(SourceText.From(Text));
        Assert.Equal(Mentions.Lock, index.In(TextSpan.FromBounds(0, 5)));
        Assert.Equal(Mentions.Async, index.In(TextSpan.FromBounds(5, 11)));
        Assert.Equal(Mentions.Async | Mentions.For, index.In(TextSpan.FromBounds(1, Text.Length)));
        Assert.Equal(Mentions.None, index.In(TextSpan.FromBounds(1, 5)));
    }

    [Fact]
    public void A_comment_may_say_too_much_and_nothing_is_missed() =>
        Assert.Equal(Mentions.Lock | Mentions.Spawn, MentionIndex.Of(SourceText.From("// lock\r\n\tTask\n")).In(new(0, 15)));
}
