using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Sluice.Explore;

/// <summary>
/// A search through the states: breadth first, so that the first way to a state is a shortest one, and when that does not come to an end, in walks from the beginning to the end of the program:
/// a state in which all processes wait is what it is, however little of the rest is seen.
/// </summary>
internal sealed class Search
{
    // One part of so many of the budget is for walks, and at one step of so many time passes though somebody could go on.
    private const int WalkedPart = 2;
    private const int StepsUntilLate = 16;
    private const int Anybody = (1 << Limits.Processes) - 1;

    private readonly int _budget;
    private readonly CancellationToken _cancellation;
    private readonly Library _library;
    private readonly Machine _machine;
    private readonly Snapshot _snapshot;
    private readonly World _world = new();
    private readonly StateSet _states = new();
    private readonly Graph _graph = new();
    private readonly List<Origin> _origins = new();
    private readonly List<Misuse> _misuses = new();
    private readonly HashSet<(FindingKind, Label)> _known = new();
    private readonly HashSet<string> _taken = new();
    private readonly List<(int State, uint Places)> _reached = new();
    private Standing[] _standings = new Standing[256];
    private int _limit;
    private int _loaded = -1;
    private bool _isComplete = true;
    private bool _isPossible;

    public Search(Library library, int budget, Watched watched, CancellationToken cancellation)
    {
        _budget = budget;
        _limit = budget;
        _cancellation = cancellation;
        _library = library;
        _snapshot = new Snapshot(_library);
        _machine = new Machine(_library) { World = _world, Watched = watched };
    }

    /// <summary>Gets a value indicating whether all is interleaved with all: the same findings from more states.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Gets the states that were seen.</summary>
    public int States => _states.Count;

    /// <summary>Gets the bytes that they take.</summary>
    public int Bytes => _states.Bytes;

    public int Transitions => _graph.Count;

    /// <summary>Sees all states, unless the model looks at more than was known: gives what it looks at.</summary>
    public Watched Run(object root, ImmutableArray<Operand> arguments)
    {
        if (_library.Find(root) is not { } code)
        {
            return _machine.Watched;
        }

        var version = _library.Version;
        _machine.Begin(code, arguments);
        _snapshot.Arrange(_world, splits: false);
        _snapshot.Pack(0);
        _states.Add(_snapshot.Bytes, _snapshot.Length, out _);
        _origins.Add(new Origin(-1, default, 0));
        var next = 0;
        for (; next < _states.Count && _states.Count < _budget - (_budget / WalkedPart) && !HasNews(version); next++)
        {
            Expand(next);
        }

        _isComplete &= next == _states.Count;
        var lots = new Lots();
        for (var left = _isComplete ? 0 : _budget / WalkedPart; left > 0 && !HasNews(version);)
        {
            left -= Walk(lots, left);
        }

        return _machine.Seen | _machine.Watched;
    }

    /// <summary>Whether the model looks at more than was known, so that the search has to begin again.</summary>
    private bool HasNews(int version) => (_machine.Seen & ~_machine.Watched) != 0 || version != _library.Version;

    /// <summary>Goes one way, drawn by lot, until nobody can go on; gives the steps that it took.</summary>
    private int Walk(Lots lots, int most)
    {
        var met = new HashSet<int>();
        lots.Begin();
        var state = 0;
        for (var steps = 1; ; steps++)
        {
            _cancellation.ThrowIfCancellationRequested();
            var process = GoOn(state, lots);
            if (steps == most || _reached.Count == 0)
            {
                return steps;
            }

            (state, var places) = _reached[lots.Draw(_reached.Count)];
            lots.Follow(places, process, isRound: !met.Add(state));
        }
    }

    /// <summary>Gives the first process that can go on its turn; -1 when it was the time's. When nobody can, the state is known as if all of it had been looked at.</summary>
    private int GoOn(int state, Lots lots)
    {
        Load(state);
        _reached.Clear();
        var standing = default(Standing);
        if (lots.Draw(StepsUntilLate) == 0)
        {
            Expire(state, ref standing);
        }

        var process = -1;
        for (var left = (1 << _world.ProcessCount) - 1; left != 0 && _reached.Count == 0; left &= ~(1 << process))
        {
            process = lots.First(left);
            Expand(state, process, ref standing);
        }

        if (_reached.Count == 0)
        {
            process = -1;
            Expire(state, ref standing);
        }

        if (_reached.Count == 0)
        {
            Keep(state, standing);
        }

        return process;
    }

    public Verdict Verdict()
    {
        var findings = new List<Finding>();
        foreach (var misuse in _misuses)
        {
            findings.Add(Tell(misuse));
        }

        var seen = _states.Count;
        var isComplete = _isComplete;
        if (_isComplete)
        {
            LetOutsideAct(seen);
        }

        FindStuck(findings, seen);
        return new Verdict(findings.OrderBy(finding => finding.Schedule.Length).ToImmutableArray(), seen, isComplete);
    }

    /// <summary>
    /// Whoever may be freed from outside is not stuck, and may free others in turn: goes on from all states with what the outside may do.
    /// Where that leads is seen only to know who may still move.
    /// </summary>
    private void LetOutsideAct(int seen)
    {
        _machine.LetsOutsideAct = true;
        _limit = seen + _budget;
        for (var state = 0; state < seen; state++)
        {
            var standing = _standings[state];
            for (var p = 0; standing.Freed >> p != 0; p++)
            {
                if (((standing.Freed >> p) & 1) != 0)
                {
                    Expand(state, p, ref standing);
                }
            }
        }

        for (var state = seen; state < _states.Count; state++)
        {
            Expand(state);
        }

        _machine.LetsOutsideAct = false;
    }

    private void LoadUnlessLoaded(int state)
    {
        if (_loaded != state)
        {
            Load(state);
        }
    }

    private void Load(int state)
    {
        _loaded = state;
        _snapshot.Unpack(_states.Arena, _states.Start(state), _states.Length(state), _world);
    }

    private void Expand(int state)
    {
        _cancellation.ThrowIfCancellationRequested();
        Load(state);
        _reached.Clear();
        var count = _world.ProcessCount;
        var standing = default(Standing);
        var first = -1;
        for (var p = 0; p < count && first < 0 && !IsPlain; p++)
        {
            first = _machine.IsAtLocalStep(_world.Process(p)) ? p : -1;
        }

        // What others cannot see need not be interleaved with what they do, unless that would put them off for ever.
        if (first >= 0 && Expand(state, first, ref standing) && standing.Moved != 0)
        {
            Keep(state, standing);
            return;
        }

        for (var p = 0; p < count; p++)
        {
            if (p != first)
            {
                Expand(state, p, ref standing);
            }
        }

        Expire(state, ref standing);
        Keep(state, standing);
    }

    private void Keep(int state, Standing standing)
    {
        MakeRoom();
        _standings[state] = standing with { IsKnown = true };
    }

    /// <summary>Has a standing for each state, also for those that nobody has looked at.</summary>
    private void MakeRoom()
    {
        if (_states.Count > _standings.Length)
        {
            System.Array.Resize(ref _standings, _states.Count * 2);
        }
    }

    /// <summary>Gives a process its turn, in each way that it can go; whether all states that it leads to are new.</summary>
    private bool Expand(int state, int process, ref Standing standing)
    {
        var allNew = true;
        _isPossible = false;
        _machine.Choices.Reset();
        do
        {
            LoadUnlessLoaded(state);
            var isRoot = _world.Process(process).IsRoot;
            var turn = _machine.Run(_world.Process(process));
            _loaded = turn == Turn.Blocked && !_machine.LetsOutsideAct ? state : -1;
            if (turn == Turn.Blocked)
            {
                if (_machine.IsFreedFromOutside)
                {
                    standing.Freed |= 1 << process;
                    standing.Moved |= 1 << process;
                }
                else
                {
                    standing.Blocked |= 1 << process;
                }

                return false;
            }

            // What comes of a root that is cancelled is not looked at.
            standing.Freed |= _machine.IsFreedFromOutside && !isRoot ? 1 << process : 0;
            allNew &= Reach(state, new Step(process, _machine.Choices.Taken), ref standing);
        }
        while (_machine.Choices.Next());

        // Nothing else can happen there: then it does, and what comes of it is not looked at.
        standing.Moved |= _isPossible ? 0 : Anybody;
        return allNew;
    }

    /// <summary>Lets the time of each source be over that may be.</summary>
    private void Expire(int state, ref Standing standing)
    {
        LoadUnlessLoaded(state);
        for (var n = 0; n < _world.NodeCount; n++)
        {
            if (_world.Node(n) is { Kind: NodeKind.Cancellation } source && source.Slots[Cancellations.Armed].AsNumber != 0)
            {
                _machine.Choices.Reset();
                _machine.Expire(source);
                Reach(state, new Step(-1 - n, 0), ref standing);
                Load(state);
            }
        }
    }

    /// <summary>Notes the state that a turn has led to; whether it is new.</summary>
    private bool Reach(int state, Step step, ref Standing standing)
    {
        if (_machine.IsImpossible)
        {
            _machine.IsImpossible = _machine.IsAbandoned = _machine.IsBeyondLimits = false;
            _machine.Found.Clear();
            return false;
        }

        _isPossible = true;
        foreach (var (kind, at, _) in _machine.Found)
        {
            if (!_machine.LetsOutsideAct && !_world.IsGuessed && _known.Add((kind, at)))
            {
                _misuses.Add(new Misuse(state, step, kind, at));
            }
        }

        _machine.Found.Clear();
        var fits = !_machine.IsBeyondLimits && !_machine.Choices.IsBeyondLimits;
        _machine.IsBeyondLimits = false;
        Note(ref standing);
        if (_machine.IsAbandoned)
        {
            // Who waits on the ways on which it goes on is told there.
            _machine.IsAbandoned = false;
            standing.Moved |= _machine.LetsOutsideAct ? 0 : Anybody;
            return false;
        }

        if (!fits)
        {
            Drop(ref standing);
            return false;
        }

        var allNew = true;
        _snapshot.Arrange(_world, splits: !IsPlain && (_machine.Watched & Watched.Everything) == 0);
        for (var part = 0; part < _snapshot.Parts; part++)
        {
            if (!_snapshot.Pack(part) || _states.Count >= _limit)
            {
                Drop(ref standing);
                allNew = false;
                continue;
            }

            var next = _states.Add(_snapshot.Bytes, _snapshot.Length, out var isNew);
            if (isNew)
            {
                _origins.Add(new Origin(state, step, part));
            }

            allNew &= isNew;
            _reached.Add((next, Places()));
            _graph.Add(state, next, Places());
        }

        return allNew;
    }

    /// <summary>Notes that a transition leads to where nothing is seen: anybody may move there.</summary>
    private void Drop(ref Standing standing)
    {
        _isComplete = false;
        standing.Moved = Anybody;
    }

    /// <summary>Notes who has moved.</summary>
    private void Note(ref Standing standing)
    {
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            var process = _world.Process(p);
            if (process.Origin >= 0 && (process.HasMoved || process.Depth == 0))
            {
                standing.Moved |= 1 << process.Origin;
            }
        }
    }

    private uint Places()
    {
        var places = uint.MaxValue;
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            if (_world.Process(p) is { Origin: >= 0 and var origin, Number: >= 0 and var number })
            {
                places = (places & ~(0xFu << (4 * origin))) | ((uint)number << (4 * origin));
            }
        }

        return places;
    }

    private void FindStuck(List<Finding> findings, int seen)
    {
        var moving = new byte[_states.Count];
        MakeRoom();
        for (var state = 0; state < _states.Count; state++)
        {
            // Where the search has ended early, nobody has looked at what comes after a state, or at what the outside may do.
            var standing = _standings[state];
            moving[state] = (byte)(!standing.IsKnown || (!_isComplete && standing.Freed != 0) ? Anybody : standing.Moved);
        }

        _graph.Spread(moving);
        for (var state = 0; state < seen; state++)
        {
            var stuck = _standings[state].Blocked & ~moving[state];
            for (var p = 0; stuck >> p != 0; p++)
            {
                if (((stuck >> p) & 1) != 0)
                {
                    Load(state);
                    if (_world.IsGuessed)
                    {
                        break;
                    }

                    if (_machine.IsMeant(_world.Process(p)) || _machine.WaitsForRounds(_world.Process(p), stuck) || (_machine.IsIdle(_world.Process(p)) && RootGoesOn(stuck)))
                    {
                        continue;
                    }

                    if (Machine.LabelOf(_world.Process(p)) is { } label && _known.Add((FindingKind.StuckForever, label)))
                    {
                        findings.Add(Tell(state, p, label));
                    }
                }
            }
        }
    }

    /// <summary>Whether the root has not ended, and is not stuck itself: one that can do no more than give up waiting for who is stuck gives nobody anything.</summary>
    private bool RootGoesOn(int stuck)
    {
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            if (_world.Process(p) is { IsRoot: true, Depth: > 0 })
            {
                return ((stuck >> p) & 1) == 0 && !_machine.OnlyGivesUp(_world.Process(p));
            }
        }

        return false;
    }

    private Finding Tell(int state, int process, Label label)
    {
        var (schedule, names) = Retrace(state);
        return new Finding(FindingKind.StuckForever, label, names[process], schedule.ToImmutable());
    }

    private Finding Tell(Misuse misuse)
    {
        var (schedule, names) = Retrace(misuse.State);
        var by = names[0];
        Follow(misuse.State, misuse.Step, schedule, names);
        foreach (var (kind, at, process) in _machine.Found)
        {
            if (kind == misuse.Kind && at.Equals(misuse.At))
            {
                by = process.Name ?? by;
                break;
            }
        }

        return new Finding(misuse.Kind, misuse.At, by, schedule.ToImmutable());
    }

    /// <summary>Goes the way to a state once more and tells what happens.</summary>
    private (ImmutableArray<ScheduleEntry>.Builder Schedule, string[] Names) Retrace(int state)
    {
        var way = new Stack<int>();
        for (var at = state; at > 0; at = _origins[at].State)
        {
            way.Push(at);
        }

        Load(0);
        var names = new[] { _world.Process(0).Top.Code.Name };
        _taken.Clear();
        _taken.UnionWith(names);
        var schedule = ImmutableArray.CreateBuilder<ScheduleEntry>();
        foreach (var next in way)
        {
            var origin = _origins[next];
            Follow(origin.State, origin.Step, schedule, names);
            names = Names(origin.Part);
        }

        return (schedule, names);
    }

    private void Follow(int state, Step step, ImmutableArray<ScheduleEntry>.Builder schedule, string[] names)
    {
        Load(state);
        for (var p = 0; p < names.Length; p++)
        {
            _world.Process(p).Name = names[p];
        }

        _machine.Found.Clear();
        _machine.Told = new List<(Process By, Label Label, bool IsEnd)>();
        if (step.Process < 0)
        {
            _machine.Choices.Reset();
            _machine.Expire(_world.Node(-1 - step.Process));
        }
        else
        {
            _machine.Choices.Repeat(step.Choices);
            _machine.Run(_world.Process(step.Process));
        }

        NameNew();
        foreach (var (by, label, isEnd) in _machine.Told)
        {
            schedule.Add(new ScheduleEntry(by.Name ?? string.Empty, label, isEnd));
        }

        _machine.Told = null;
    }

    /// <summary>The names of the processes of a part, in their order.</summary>
    private string[] Names(int part)
    {
        _snapshot.Arrange(_world, splits: !IsPlain && (_machine.Watched & Watched.Everything) == 0);
        _snapshot.Pack(part);
        var names = new List<string>();
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            if (_world.Process(p).Number >= 0)
            {
                names.Add(_world.Process(p).Name ?? string.Empty);
            }
        }

        return names.ToArray();
    }

    /// <summary>Tells processes of one name apart.</summary>
    private void NameNew()
    {
        for (var p = 0; p < _world.ProcessCount; p++)
        {
            var process = _world.Process(p);
            if (process.Origin < 0)
            {
                var name = process.Name ?? string.Empty;
                for (var i = 2; !_taken.Add(process.Name ?? string.Empty); i++)
                {
                    process.Name = $"{name} {i}";
                }
            }
        }
    }

    /// <summary>Whose turn it is, or (negative, less one) which source expires; and the ways that it goes.</summary>
    private readonly record struct Step(int Process, uint Choices);

    private readonly record struct Origin(int State, Step Step, int Part);

    private readonly record struct Misuse(int State, Step Step, FindingKind Kind, Label At);

    /// <summary>Which processes of a state wait, which have a turn or are given one by another, and which may be freed from outside; and whether anybody has looked.</summary>
    private record struct Standing(int Blocked, int Moved, int Freed, bool IsKnown);
}
