using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Sluice.Explore;

namespace Sluice.Tests.Explore;

/// <summary>
/// Reads procedures from the text that <see cref="ModelText"/> prints, written by hand a little more freely: registers and places have any name, <c>main</c> is the root,
/// and a step that says nothing of its label has its own text for one.
/// </summary>
internal sealed partial class ModelReader : ICode
{
    private readonly Dictionary<string, Procedure> _procedures = new();

    public ModelReader(string text)
    {
        List<(string Line, int Number)>? body = null;
        Match? head = null;
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Split("//")[0].Trim()))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (Head().Match(line) is { Success: true } next)
            {
                Finish();
                (head, body) = (next, []);
            }
            else
            {
                body!.Add((line, number));
            }
        }

        Finish();

        void Finish()
        {
            if (head != null)
            {
                var name = head.Groups["name"].Value;
                _procedures.Add(name, new ProcedureReader(name, head.Groups["async"].Success, Names(head.Groups["parameters"].Value)).Read(body!));
            }
        }
    }

    public IEnumerable<Procedure> Procedures => _procedures.Values;

    public static Verdict Explore(string text, int budget = 200_000) =>
        Explorer.Explore(new ModelReader(text), "main", ImmutableArray<Operand>.Empty, budget, CancellationToken.None);

    public Procedure? Find(object key) => _procedures.GetValueOrDefault((string)key);

    public object? Resolve(object key, object type) => _procedures.ContainsKey($"{type}.{key}") ? $"{type}.{key}" : null;

    private static string[] Names(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^(?<async>async )?proc (?<name>[\w.]+)\((?<parameters>.*)\)$")]
    private static partial Regex Head();

    private sealed partial class ProcedureReader(string name, bool isAsync, string[] parameters)
    {
        private readonly List<string> _registers = [.. parameters];
        private readonly Dictionary<string, int> _places = new() { ["end"] = -1 };

        public Procedure Read(List<(string Line, int Number)> lines)
        {
            // First where each place is: behind "goto", that of where it goes.
            var count = 0;
            var jumps = new Dictionary<int, string>();
            var named = new Dictionary<string, string>();
            for (var i = 0; i < lines.Count; i++)
            {
                var line = lines[i].Line;
                if (line.EndsWith(':'))
                {
                    var next = lines.Skip(i + 1).Select(l => l.Line).FirstOrDefault(l => !l.EndsWith(':'));
                    if (next?.StartsWith("goto ", StringComparison.Ordinal) == true)
                    {
                        named[line[..^1]] = next[5..];
                    }
                    else
                    {
                        _places[line[..^1]] = next == null ? -1 : count;
                    }
                }
                else if (line.StartsWith("goto ", StringComparison.Ordinal))
                {
                    jumps.TryAdd(count - 1, line[5..]);
                }
                else
                {
                    count++;
                }
            }

            int Place(string place) => named.TryGetValue(place, out var further) ? Place(further) : _places[place];

            var steps = new List<Step>();
            foreach (var (line, number) in lines.Where(l => !l.Line.EndsWith(':') && !l.Line.StartsWith("goto ", StringComparison.Ordinal)))
            {
                var parts = line.Split(" @ ");
                var text = parts[0];
                var handlers = ImmutableArray.CreateBuilder<Handler>();
                foreach (Match handler in Handler().Matches(text))
                {
                    handlers.Add(new Handler(Enum.Parse<Failures>(handler.Groups["kind"].Value), Place(handler.Groups["place"].Value)));
                }

                text = Handler().Replace(text, string.Empty).Trim();
                var at = steps.Count;
                var label = parts.Length == 1 ? new Label(text, number) : parts[1] == "-" ? null : new Label(parts[1], number);
                steps.Add(Parse(text, Place) with
                {
                    Next = jumps.TryGetValue(at, out var jump) ? Place(jump) : at + 1 < count ? at + 1 : -1,
                    Handlers = handlers.ToImmutable(),
                    Label = label,
                });
            }

            if (jumps.TryGetValue(-1, out var first))
            {
                throw new FormatException($"{name} begins with goto {first}.");
            }

            return new Procedure(name, parameters.Length, _registers.Count, [.. steps], isAsync);
        }

        private Step Parse(string text, Func<string, int> place)
        {
            if (Form("^return( (?<value>.+))?$") is { } end)
            {
                return new Return(end["value"].Success ? Value(end["value"].Value) : Operand.Null);
            }

            if (Form("^throw (?<kind>.+)$") is { } thrown)
            {
                return new Throw(Enum.Parse<Failures>(thrown["kind"].Value));
            }

            if (Form("^if (?<left>.+) (?<sign>==|<|<=) (?<right>.+) else (?<place>.+)$") is { } test)
            {
                var relation = test["sign"].Value switch { "==" => Relation.Equal, "<" => Relation.Less, _ => Relation.LessOrEqual };
                return new Test(Value(test["left"].Value), relation, Value(test["right"].Value), place(test["place"].Value));
            }

            if (Form("^choose (?<places>.+)$") is { } choose)
            {
                return new Choose([.. choose["places"].Value.Split(' ').Select(place)]);
            }

            if (Form(@"^(?<of>\w+)\.(?<field>\w+) = (?<value>.+)$") is { } store)
            {
                return new Store(Of(store["of"].Value), store["field"].Value, Value(store["value"].Value));
            }

            var target = -1;
            if (Form(@"^(?<target>\w+) = (?<value>.+)$") is { } assigned)
            {
                target = Register(assigned["target"].Value);
                text = assigned["value"].Value;
            }

            return ParseValue(target, text);

            GroupCollection? Form(string pattern) => Regex.Match(text, pattern) is { Success: true } match ? match.Groups : null;
        }

        private Step ParseValue(int target, string text)
        {
            if (Form(@"^make (?<type>\w+)$") is { } make)
            {
                return new Make(target, make["type"].Value);
            }

            if (Form(@"^delegate (?<virtual>virtual )?(?<name>[\w.]+)\((?<captured>.*)\)$") is { } made)
            {
                return new MakeDelegate(target, made["name"].Value, Values(made["captured"].Value), made["virtual"].Success);
            }

            if (Form(@"^(?<await>await )?call (?<virtual>virtual )?(?<name>[\w.]+)\((?<arguments>.*)\)$") is { } call)
            {
                return new Call(target, call["name"].Value, Values(call["arguments"].Value), Mode(call), call["virtual"].Success);
            }

            if (Form(@"^(?<await>await )?invoke (?<delegate>\S+?)\((?<arguments>.*)\)$") is { } invoke)
            {
                return new Invoke(target, Value(invoke["delegate"].Value), Values(invoke["arguments"].Value), Mode(invoke));
            }

            if (Form("^await (?<task>.+)$") is { } wait)
            {
                return new Await(target, Value(wait["task"].Value));
            }

            if (Form(@"^(?<act>\w+)\((?<arguments>.*)\)$") is { } act)
            {
                return new Do(target, Enum.Parse<Act>(act["act"].Value), Values(act["arguments"].Value));
            }

            if (Form(@"^(?<stable>stable )?(?<of>\w+)\.(?<field>\w+)$") is { } load)
            {
                return new Load(target, Of(load["of"].Value), load["field"].Value, load["stable"].Success);
            }

            if (Form(@"^(?<left>\S+) (?<sign>[+-]) (?<right>\S+)$") is { } sum)
            {
                return new Compute(target, Value(sum["left"].Value), Value(sum["right"].Value), sum["sign"].Value == "-" ? Calculation.Subtract : Calculation.Add);
            }

            return new Set(target, Value(text));

            GroupCollection? Form(string pattern) => Regex.Match(text, pattern) is { Success: true } match ? match.Groups : null;

            static CallMode Mode(GroupCollection groups) => groups["await"].Success ? CallMode.Awaited : CallMode.Plain;
        }

        private Operand? Of(string name) => name == "static" ? null : Value(name);

        private ImmutableArray<Operand> Values(string text) => [.. Names(text).Select(Value)];

        private Operand Value(string text) => text switch
        {
            "?" => Operand.Unknown,
            "null" => Operand.Null,
            ['\'', .. var inner, '\''] => Operand.Of(inner),
            _ when int.TryParse(text, CultureInfo.InvariantCulture, out var number) => number > 8 ? Operand.Size(number) : Operand.Of(number),
            _ => Operand.Register(Register(text)),
        };

        private int Register(string name)
        {
            if (!Regex.IsMatch(name, @"^\w+$"))
            {
                throw new FormatException($"'{name}' is no register.");
            }

            if (!_registers.Contains(name))
            {
                _registers.Add(name);
            }

            return _registers.IndexOf(name);
        }

        [GeneratedRegex(@" on (?<kind>[\w,]+) goto (?<place>\w+)")]
        private static partial Regex Handler();
    }
}
