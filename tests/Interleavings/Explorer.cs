using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Sluice.Interleavings;

/// <summary>
/// Runs a few threads so that only one moves at a time, and tries every order of their steps with at most so many preemptions: depth first, each
/// run from the start. A preemption is a switch away from a thread that could go on; most bugs need only one or two.
/// </summary>
internal sealed class Explorer
{
    [ThreadStatic]
    private static Explorer? Current;

    [ThreadStatic]
    private static int CurrentThread;

    private readonly List<Choice> _choices = [];
    private readonly List<int> _order = [];
    private readonly SemaphoreSlim[] _turns;
    private readonly SemaphoreSlim _over = new(0);
    private readonly Func<bool>?[] _waitsFor;
    private readonly int[] _spinsSince;
    private readonly bool[] _ended;
    private readonly int _bound;
    private readonly object _gate = new();
    private int _depth;
    private int _preemptions;
    private int _steps;
    private int _writes;
    private Exception? _failure;
    private bool _stuck;

    private Explorer(int threads, int bound)
    {
        _turns = Enumerable.Range(0, threads).Select(_ => new SemaphoreSlim(0)).ToArray();
        _waitsFor = new Func<bool>?[threads];
        _spinsSince = new int[threads];
        _ended = new bool[threads];
        _bound = bound;
    }

    /// <summary>Explores all orders; what <paramref name="scenario"/> returns are the threads of one run and what must hold after it.</summary>
    /// <returns>How many runs there were.</returns>
    public static int Explore(int preemptions, Func<(Action[] Threads, Action Check)> scenario)
    {
        Explorer? explorer = null;
        int runs = 0;
        do
        {
            var (threads, check) = scenario();
            explorer ??= new Explorer(threads.Length, preemptions);
            explorer.Run(threads);
            runs++;
            string order = string.Join(' ', explorer._order.TakeLast(100));
            if (explorer._failure is { } failure)
            {
                throw new InvalidOperationException($"Run {runs}, order {order}: {failure.Message}", failure);
            }

            if (explorer._stuck)
            {
                throw new InvalidOperationException($"Run {runs}, order {order}: all that is left waits");
            }

            try
            {
                check();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Run {runs}, order {order}: {e.Message}", e);
            }
        }
        while (explorer.Backtrack());
        return runs;
    }

    /// <summary>A place where another thread may run.</summary>
    public static void Step() => Current?.Switch(CurrentThread, mayStay: true);

    /// <summary>The thread changed something: who spins may look again.</summary>
    public static void Wrote()
    {
        if (Current is { } explorer)
        {
            explorer._writes++;
        }
    }

    /// <summary>The thread found a lock held: others run until something changes.</summary>
    public static void Spin()
    {
        if (Current is { } explorer)
        {
            explorer._spinsSince[CurrentThread] = explorer._writes;
            explorer.Switch(CurrentThread, mayStay: false);
        }
    }

    /// <summary>What chance may choose is tried in turn.</summary>
    public static int Any(int count)
    {
        if (Current is not { } explorer || count == 1)
        {
            return 0;
        }

        return explorer.Decide(count).Index;
    }

    /// <summary>Others run until the condition holds.</summary>
    public static void WaitUntil(Func<bool> condition)
    {
        if (Current is { } explorer && !condition())
        {
            explorer._waitsFor[CurrentThread] = condition;
            explorer.Switch(CurrentThread, mayStay: false);
        }
    }

    private void Run(Action[] threads)
    {
        _depth = 0;
        _order.Clear();
        _preemptions = 0;
        _steps = 0;
        _writes = 0;
        _stuck = false;
        Array.Clear(_waitsFor);
        Array.Fill(_spinsSince, -1);
        Array.Clear(_ended);
        for (int i = 0; i < threads.Length; i++)
        {
            int thread = i;
            Workers.Start(() => Body(thread, threads[thread]));
        }

        _turns[Choose(-1, mayStay: false)].Release();
        _over.Wait();
    }

    private void Body(int thread, Action action)
    {
        _turns[thread].Wait();
        Current = this;
        CurrentThread = thread;
        try
        {
            action();
        }
        catch (Abandoned)
        {
        }
        catch (Exception e)
        {
            _failure ??= e;
        }

        Current = null;
        _ended[thread] = true;
        PassOn(thread);
    }

    private void PassOn(int thread)
    {
        if (Array.TrueForAll(_ended, ended => ended))
        {
            _over.Release();
            return;
        }

        int next = _stuck || _failure is not null ? Array.IndexOf(_ended, false) : Choose(thread, mayStay: false);
        if (next < 0)
        {
            _stuck = true;
            next = Array.IndexOf(_ended, false);
        }

        _turns[next].Release();
    }

    private void Switch(int thread, bool mayStay)
    {
        if (_stuck || _failure is not null)
        {
            throw new Abandoned();
        }

        if (++_steps > 1000)
        {
            throw new InvalidOperationException("The run does not end.");
        }

        int next = Choose(thread, mayStay);
        if (next == thread)
        {
            return;
        }

        if (next < 0)
        {
            _stuck = true;
            throw new Abandoned();
        }

        _turns[next].Release();
        _turns[thread].Wait();
        if (_stuck || _failure is not null)
        {
            throw new Abandoned();
        }
    }

    /// <summary>Whose turn is next: as planned, or the thread that runs, or the first that can.</summary>
    private int Choose(int thread, bool mayStay)
    {
        var able = new List<int>();
        if (mayStay)
        {
            able.Add(thread);
        }

        for (int i = 0; i < _turns.Length; i++)
        {
            if (_ended[i] || i == thread || _spinsSince[i] == _writes)
            {
                continue;
            }

            if (_waitsFor[i] is { } condition)
            {
                if (!condition())
                {
                    continue;
                }
            }

            able.Add(i);
        }

        if (!mayStay)
        {
            // Who spun may try again after somebody else had a turn; alone, it must find the lock free now.
            for (int i = 0; able.Count == 0 && i < _turns.Length; i++)
            {
                if (_spinsSince[i] >= 0 && !_ended[i] && i != thread)
                {
                    able.Add(i);
                }
            }

            if (able.Count == 0 && thread >= 0 && !_ended[thread] && (_spinsSince[thread] >= 0 || _waitsFor[thread]!()))
            {
                able.Add(thread);
            }
        }

        if (able.Count == 0)
        {
            return -1;
        }

        int next = able[Decide(mayStay && _preemptions >= _bound ? 1 : able.Count).Index];
        _order.Add(next);
        if (mayStay && next != thread)
        {
            _preemptions++;
        }

        _spinsSince[next] = -1;
        _waitsFor[next] = null;
        return next;
    }

    private Choice Decide(int count)
    {
        if (_depth == _choices.Count)
        {
            _choices.Add(new Choice(0, count));
        }

        Choice choice = _choices[_depth++];
        return choice.Count == count ? choice : throw new InvalidOperationException("The run does not repeat what it did before.");
    }

    private bool Backtrack()
    {
        _choices.RemoveRange(_depth, _choices.Count - _depth);
        while (_choices.Count > 0 && _choices[^1].Index + 1 >= _choices[^1].Count)
        {
            _choices.RemoveAt(_choices.Count - 1);
        }

        if (_choices.Count == 0)
        {
            return false;
        }

        Choice last = _choices[^1];
        _choices[^1] = last with { Index = last.Index + 1 };
        return true;
    }

    private readonly record struct Choice(int Index, int Count);

    /// <summary>The run is over before this thread is.</summary>
    private sealed class Abandoned : Exception;
}
