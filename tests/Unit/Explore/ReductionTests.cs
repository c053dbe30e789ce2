using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Sluice.Explore;

namespace Sluice.Tests.Explore;

/// <summary>What is left out makes no difference, and what is told before the end is true: random models of all operations, explored with and without.</summary>
public sealed class ReductionTests
{
    private const Watched All = Watched.Waiting | Watched.Holding | Watched.Ends | Watched.Everything;

    private static readonly string[] Steps =
    [
        "Send(c, 1, null)", "Send(b, 1, null)", "Send(c, 1, s)", "Receive(c, null)", "Receive(b, null)", "Receive(b, s)", "x = TrySend(b, 1)", "x = TryReceive(b)", "WaitToReceive(b, s)", "WaitToSend(b, null)",
        "Close(b)", "x = TryClose(c)", "Acquire(l)", "Release(l)", "Acquire(k)\n Release(k)", "Acquire(l)\n MonitorWait(l)\n Release(l)", "Acquire(l)\n PulseAll(l)\n Release(l)", "Acquire(l)\n Pulse(l)\n Release(l)",
        "AcquireSemaphore(m, null)", "ReleaseSemaphore(m, 1)", "AcquireSemaphore(m, s)", "WaitEvent(e, null)", "SetEvent(e)", "WaitEvent(e, s)", "Signal(n)", "WaitCountdown(n, null)",
        "Complete(t, 1)", "x = TryComplete(t, 1)", "x = await t", "Cancel(s)", "ThrowIfCancelled(s)", "o.f = 1", "o.f = 0", "x = o.f\n if x == 1 else end", "choose end", "EnterRead(r)\n ExitRead(r)", "EnterWrite(r)\n ExitWrite(r)",
        "u = call send(c)", "u = call receive(b)\n await u", "await ?", "x = Select(0, 0, c, ?, 1, b, 1)", "x = Select(0, 0, b, ?, 3, s, ?)", "u = WhenAll(t, t)\n await u",
        "w = call send(b)\n u = WhenAny(t, w)\n await u", "x = IsOver(t)\n if x == 1 else end", "x = TryAcquire(l)", "x = Select(1, 0, c, ?)", "TryReceive(c)", "WaitToReceive(c, null)",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Findings_are_the_same(int part)
    {
        var (complete, stuck, less, more) = (0, 0, 0L, 0L);
        for (var seed = part * 100; seed < (part + 1) * 100; seed++)
        {
            var model = Model(new Random(seed));
            var verdict = ModelReader.Explore(model, budget: 20_000);
            var library = new Library(new ModelReader(model));
            library.LookAhead("main");
            var search = new Search(library, 20_000, All, CancellationToken.None) { IsPlain = true };
            search.Run("main", ImmutableArray<Operand>.Empty);
            var plain = search.Verdict();
            if (verdict.IsComplete && plain.IsComplete)
            {
                Assert.True(Findings(plain).SequenceEqual(Findings(verdict)), $"Model {seed}\nplain: {string.Join(", ", Findings(plain))}\nelse:  {string.Join(", ", Findings(verdict))}\n{model}");
                Assert.Subset(Findings(verdict).ToHashSet(), Findings(ModelReader.Explore(model, budget: 3 + (seed % 30))).ToHashSet());
                complete++;
                stuck += verdict.Findings.IsEmpty ? 0 : 1;
                (less, more) = (less + verdict.States, more + plain.States);
            }
        }

        Assert.True(complete > 80 && stuck > 20 && stuck < 100 && less < more, $"{complete} complete, {stuck} with findings, {less} states for {more}");
    }

    private static string[] Findings(Verdict verdict) => [.. verdict.Findings.Select(finding => $"{finding.Kind} {finding.At.Site} {finding.At.Text}").Order()];

    private static string Model(Random random)
    {
        // Few kinds of steps in one model, so that they have to do with each other.
        var kinds = Enumerable.Range(0, random.Next(3, 7)).Select(_ => Steps[random.Next(Steps.Length)]).ToArray();
        var processes = random.Next(2, 4);
        const string Objects = "c, b, l, k, m, e, n, t, s, o, r";
        var text = new StringBuilder($"""
            async proc send(c)
              Send(c, 1, null)
            async proc receive(c)
              Receive(c, null)
            proc main()
              c = NewChannel(0)
              b = NewChannel({random.Next(1, 3)})
              l = NewMonitor()
              k = NewMonitor()
              m = NewSemaphore({random.Next(2)})
              e = NewEvent(0, {random.Next(2)})
              n = NewCountdown({random.Next(1, 3)})
              t = NewCompletion()
              s = NewCancellation()
              o = make Thing
              r = NewReaderWriterLock(1)
              {(random.Next(3) == 0 ? "CancelAfter(s)" : "x = 0")}

            """);
        for (var p = 0; p < processes; p++)
        {
            text.AppendLine($"  d = delegate p{p}({Objects})").AppendLine($"  Start(d)");
        }

        for (var p = 0; p < processes; p++)
        {
            text.AppendLine($"{(random.Next(2) == 0 ? "async " : string.Empty)}proc p{p}({Objects})");
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                text.AppendLine("  " + kinds[random.Next(kinds.Length)]);
            }
        }

        return text.ToString();
    }
}
