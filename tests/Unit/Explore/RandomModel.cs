using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Sluice.Tests.Explore;

/// <summary>
/// A random model in our text and in Promela at the same time: two or three processes over channels, semaphores, locks and a flag, with branches and loops.
/// Each step that may wait has a number; every loop may end, so whoever waits for ever does so in a state in which nothing moves any more.
/// </summary>
internal sealed class RandomModel
{
    private readonly Random _random;
    private readonly int _number;
    private readonly int[] _capacities;
    private readonly int[] _counts;
    private readonly int _processes;
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _promela = new();
    private int _process;
    private int _steps;
    private int _places;
    private int _held;

    /// <summary>Every other model is calm: its processes exchange as many values as they await, and give back what they take, so that it may well be free of errors.</summary>
    private readonly bool _isCalm;
    private readonly int _exchanged;

    public RandomModel(int seed, int number)
    {
        _random = new Random(seed);
        _number = number;
        _processes = _random.Next(2, 4);
        _capacities = Some(_random.Next(1, 3), 3);
        _counts = Some(_random.Next(0, 3), 3);
        _isCalm = seed % 2 == 0;
        _exchanged = _isCalm ? _random.Next(0, 3) : 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += _isCalm ? 1 : 0;
        }

        Begin();
        for (_process = 0; _process < _processes; _process++)
        {
            Process();
        }
    }

    /// <summary>Gets the model in our text; the labels are the numbers of the steps.</summary>
    public string Text => _text.ToString();

    /// <summary>Gets its processes in Promela.</summary>
    public string Promela => _promela.ToString();

    /// <summary>Gets what starts them, and tells in the end where each waits.</summary>
    public string Start
    {
        get
        {
            var run = string.Concat(Enumerable.Range(0, _processes).Select(p => $"run p{_number}_{p}(); "));
            var places = string.Concat(Enumerable.Range(0, _processes).Select(p => $" if (now.at{_number}_{p}) printf(\"STUCK {p}.%d\\n\", now.at{_number}_{p});"));
            return $":: model == {_number} -> atomic {{ {run} }}; timeout -> c_code {{ {places} }}\n";
        }
    }

    private int[] Some(int count, int below) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(below))];

    private void Begin()
    {
        var names = _capacities.Select((_, i) => $"c{i}").Concat(_counts.Select((_, i) => $"s{i}")).Concat(["l0", "l1", "o"]).ToArray();
        Line("proc main()");
        for (var i = 0; i < _capacities.Length; i++)
        {
            Line($"c{i} = NewChannel({_capacities[i]}) @ -");
            _promela.AppendLine($"chan c{_number}_{i} = [{_capacities[i]}] of {{ byte }};");
        }

        for (var i = 0; i < _counts.Length; i++)
        {
            Line($"s{i} = NewSemaphore({_counts[i]}) @ -");
            _promela.AppendLine($"byte s{_number}_{i} = {_counts[i]};");
        }

        Line("l0 = NewMonitor() @ -");
        Line("l1 = NewMonitor() @ -");
        Line("o = make Flags @ -");
        _promela.AppendLine($"byte l{_number}_0, l{_number}_1, f{_number};");
        for (var p = 0; p < _processes; p++)
        {
            var before = Enumerable.Range(0, p).Select(t => $"t{t}");
            Line($"d = delegate p{p}({string.Join(", ", names.Concat(before))}) @ -");
            Line($"t{p} = Start(d) @ -");
            _promela.AppendLine($"byte at{_number}_{p}, over{_number}_{p};");
        }
    }

    private void Process()
    {
        var names = _capacities.Select((_, i) => $"c{i}").Concat(_counts.Select((_, i) => $"s{i}")).Concat(["l0", "l1", "o"]).Concat(Enumerable.Range(0, _process).Select(t => $"t{t}"));
        _text.AppendLine($"proc p{_process}({string.Join(", ", names)})");
        _promela.AppendLine($"proctype p{_number}_{_process}() {{ byte x;");
        _steps = 0;
        _held = 0;
        for (var i = 0; i < _exchanged; i++)
        {
            Block(_random.Next(0, 2), depth: 1, inLoop: false);
            if (_process < 2)
            {
                var (text, promela) = _process == 0 ? ("Send(c0, 1, null)", $"c{_number}_0!1") : ("x = Receive(c0, null)", $"c{_number}_0?x");
                Wait(text, promela);
            }
        }

        Block(_random.Next(1, 5), depth: 0, inLoop: false);
        Line("return @ -");
        _promela.AppendLine($"atomic {{ at{_number}_{_process} = 0; over{_number}_{_process} = 1 }} }}");
    }

    private void Line(string line) => _text.Append("  ").AppendLine(line);

    private void Block(int length, int depth, bool inLoop)
    {
        _promela.AppendLine("skip;");
        for (var i = 0; i < length; i++)
        {
            One(depth, inLoop);
        }
    }

    private void One(int depth, bool inLoop)
    {
        var kind = _random.Next(depth < 2 ? 15 : 9);
        if (_isCalm && kind is < 6 or 14)
        {
            kind = depth < 2 ? 9 : 6;
        }

        switch (kind)
        {
            case 0 or 1 or 2:
                Wait(Send(out var sent), sent);
                break;
            case 3 or 4 or 5:
                Wait(Receive(out var received), received);
                break;
            case 6 when _counts.Length > 0:
                var semaphore = _random.Next(_counts.Length);
                Wait($"AcquireSemaphore(s{semaphore}, null)", $"atomic {{ s{_number}_{semaphore} > 0 -> s{_number}_{semaphore}-- }}");
                if (inLoop || _isCalm || _random.Next(3) == 0)
                {
                    Line($"ReleaseSemaphore(s{semaphore}, 1) @ -");
                    _promela.AppendLine($"s{_number}_{semaphore}++;");
                }

                break;
            case 7 when _counts.Length > 0 && !inLoop:
                var released = _random.Next(_counts.Length);
                Line($"ReleaseSemaphore(s{released}, 1) @ -");
                _promela.AppendLine($"s{_number}_{released}++;");
                break;
            case 8 when _process > 0 && !inLoop:
                var joined = _random.Next(_process);
                Wait($"Join(t{joined})", $"over{_number}_{joined} == 1");
                break;
            case 9 or 10:
                Lock(depth, inLoop);
                break;
            case 11:
                Branch(depth, inLoop);
                break;
            case 12:
                Loop(depth);
                break;
            case 13:
                Flag(depth, inLoop);
                break;
            case 14:
                Select();
                break;
        }
    }

    private string Send(out string promela)
    {
        var channel = _random.Next(_capacities.Length);
        promela = $"c{_number}_{channel}!1";
        return $"Send(c{channel}, 1, null)";
    }

    private string Receive(out string promela)
    {
        var channel = _random.Next(_capacities.Length);
        promela = $"c{_number}_{channel}?x";
        return $"x = Receive(c{channel}, null)";
    }

    private void Wait(string text, string promela)
    {
        _steps++;
        Line($"{text} @ {_process}.{_steps}");
        _promela.AppendLine($"at{_number}_{_process} = {_steps}; {promela};");
    }

    private void Select()
    {
        var cases = new List<string>();
        var guards = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var channel = _random.Next(_capacities.Length);
            var sends = _random.Next(2);
            cases.Add($"{sends}, c{channel}, {(sends == 1 ? "1" : "?")}");
            guards.Add($":: c{_number}_{channel}{(sends == 1 ? "!1" : "?x")}");
        }

        Wait($"x = Select(0, {string.Join(", ", cases)})", $"if {string.Join(" ", guards)} fi");
    }

    private void Lock(int depth, bool inLoop)
    {
        // Locks may be taken again in our model, but not in the other: never take one twice.
        var taken = _random.Next(2);
        if ((_held & (1 << taken)) != 0)
        {
            return;
        }

        Wait($"Acquire(l{taken})", $"atomic {{ l{_number}_{taken} == 0 -> l{_number}_{taken} = 1 }}");
        _held |= 1 << taken;
        Block(_random.Next(1, 3), depth + 1, inLoop);
        _held &= ~(1 << taken);
        Line($"Release(l{taken}) @ -");
        _promela.AppendLine($"l{_number}_{taken} = 0;");
    }

    private void Branch(int depth, bool inLoop)
    {
        var place = _places++;
        Line($"choose else{place} @ -");
        _promela.AppendLine("if :: true -> ");
        Block(_random.Next(0, 3), depth + 1, inLoop);
        Line($"x = 0 @ -");
        Line($"goto after{place}");
        _text.AppendLine($"else{place}:");
        _promela.AppendLine(":: true -> ");
        Block(_random.Next(0, 3), depth + 1, inLoop);
        Line("x = 0 @ -");
        _text.AppendLine($"after{place}:");
        _promela.AppendLine("fi;");
        Line("x = 0 @ -");
    }

    private void Loop(int depth)
    {
        var place = _places++;
        Line("x = 0 @ -");
        _text.AppendLine($"loop{place}:");
        Line($"choose after{place} @ -");
        _promela.AppendLine("do :: true -> ");
        Block(_random.Next(1, 3), depth + 1, inLoop: true);
        Line("x = 0 @ -");
        Line($"goto loop{place}");
        _text.AppendLine($"after{place}:");
        _promela.AppendLine(":: true -> break od;");
        Line("x = 0 @ -");
    }

    private void Flag(int depth, bool inLoop)
    {
        var value = _random.Next(2);
        if (_random.Next(2) == 0)
        {
            Line($"o.flag = {value} @ -");
            _promela.AppendLine($"f{_number} = {value};");
            return;
        }

        var place = _places++;
        Line("x = o.flag @ -");
        Line($"if x == {value} else else{place} @ -");
        _promela.AppendLine($"if :: f{_number} == {value} -> ");
        Block(_random.Next(0, 3), depth + 1, inLoop);
        Line("x = 0 @ -");
        Line($"goto after{place}");
        _text.AppendLine($"else{place}:");
        _promela.AppendLine(":: else -> ");
        Block(_random.Next(0, 3), depth + 1, inLoop);
        Line("x = 0 @ -");
        _text.AppendLine($"after{place}:");
        _promela.AppendLine("fi;");
        Line("x = 0 @ -");
    }
}
