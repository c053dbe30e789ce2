using System;
using System.Buffers;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace Sluice.Model;

/// <summary>What a piece of text mentions, judged by its words alone. It decides what is bound, so it must never miss; it may say too much.</summary>
[Flags]
internal enum Mentions
{
    None = 0,
    Async = 1,
    Lock = 1 << 1,
    Channel = 1 << 2,
    Spawn = 1 << 3,
    Token = 1 << 4,
    For = 1 << 5,

    /// <summary>Something that may be the close of a channel.</summary>
    Close = 1 << 6,

    /// <summary>A task that code completes by hand.</summary>
    Completion = 1 << 7,

    ValueTask = 1 << 8,

    /// <summary>Something that may take the result of a task.</summary>
    Result = 1 << 9,

    Using = 1 << 10,

    /// <summary>A callback for a token.</summary>
    Register = 1 << 11,

    /// <summary>An atomic access or a volatile field.</summary>
    Atomic = 1 << 12,

    ConcurrentCollection = 1 << 13,

    /// <summary>State of which each thread has its own.</summary>
    ThreadOwn = 1 << 14,

    SpinLock = 1 << 15,

    /// <summary>A type of the name of which one may expect that it brings a token along.</summary>
    Context = 1 << 16,

    /// <summary>A method of the name of which one may expect that it gives a task.</summary>
    AsyncName = 1 << 17,

    /// <summary>An attribute that says how state is shared.</summary>
    Annotation = 1 << 18,

    While = 1 << 19,

    /// <summary>Code that is async itself.</summary>
    AsyncCode = 1 << 20,

    /// <summary>Members of an object that each take its lock for itself.</summary>
    LockedMember = 1 << 21,
}

/// <summary>The words of one file that mention something concurrent, by position. Made in one pass over the characters, without syntax nodes.</summary>
internal sealed class MentionIndex
{
    private static readonly Dictionary<string, Mentions> Words = new(StringComparer.Ordinal)
    {
        ["async"] = Mentions.Async | Mentions.AsyncCode,
        ["await"] = Mentions.Async,
        ["for"] = Mentions.For,
        ["while"] = Mentions.While,

        ["using"] = Mentions.Using,
        ["Register"] = Mentions.Register,
        ["UnsafeRegister"] = Mentions.Register,

        ["lock"] = Mentions.Lock,
        ["Synchronized"] = Mentions.Lock,
        ["Lock"] = Mentions.Lock,
        ["EnterScope"] = Mentions.Lock,
        ["Monitor"] = Mentions.Lock,
        ["Mutex"] = Mentions.Lock,
        ["Semaphore"] = Mentions.Lock,
        ["SemaphoreSlim"] = Mentions.Lock,
        ["SpinLock"] = Mentions.Lock | Mentions.SpinLock,
        ["ReaderWriterLockSlim"] = Mentions.Lock,
        ["ReaderWriterLock"] = Mentions.Lock,
        ["AcquireReaderLock"] = Mentions.Lock,
        ["AcquireWriterLock"] = Mentions.Lock,
        ["Enter"] = Mentions.Lock,
        ["TryEnter"] = Mentions.Lock,
        ["Wait"] = Mentions.Lock,
        ["WaitAsync"] = Mentions.Lock,
        ["WaitOne"] = Mentions.Lock,
        ["EnterReadLock"] = Mentions.Lock,
        ["EnterWriteLock"] = Mentions.Lock,
        ["EnterUpgradeableReadLock"] = Mentions.Lock,
        ["TryEnterReadLock"] = Mentions.Lock,
        ["TryEnterWriteLock"] = Mentions.Lock,
        ["TryEnterUpgradeableReadLock"] = Mentions.Lock,

        ["CountdownEvent"] = Mentions.Lock,
        ["AddCount"] = Mentions.Lock,

        // What people call the methods of their own lock types.
        ["AsyncLock"] = Mentions.Lock,
        ["LockAsync"] = Mentions.Lock,
        ["EnterAsync"] = Mentions.Lock,
        ["AcquireAsync"] = Mentions.Lock,
        ["Acquire"] = Mentions.Lock,
        ["ReadLock"] = Mentions.Lock,
        ["WriteLock"] = Mentions.Lock,
        ["ReaderLock"] = Mentions.Lock,
        ["WriterLock"] = Mentions.Lock,
        ["ReadScope"] = Mentions.Lock,
        ["WriteScope"] = Mentions.Lock,
        ["EnterRead"] = Mentions.Lock,
        ["EnterWrite"] = Mentions.Lock,

        ["Channel"] = Mentions.Channel,
        ["ChannelReader"] = Mentions.Channel,
        ["ChannelWriter"] = Mentions.Channel,
        ["Chan"] = Mentions.Channel,
        ["Complete"] = Mentions.Channel | Mentions.Close,
        ["TryComplete"] = Mentions.Channel | Mentions.Close,
        ["WriteAsync"] = Mentions.Channel,
        ["TryWrite"] = Mentions.Channel,
        ["SendAsync"] = Mentions.Channel,
        ["TrySend"] = Mentions.Channel,
        ["Close"] = Mentions.Channel | Mentions.Close,
        ["ReadAllAsync"] = Mentions.Channel,
        ["ReadAsync"] = Mentions.Channel,
        ["ReceiveAsync"] = Mentions.Channel,
        ["TryRead"] = Mentions.Channel,
        ["TryReceive"] = Mentions.Channel,
        ["WaitToReadAsync"] = Mentions.Channel,
        ["WaitToWriteAsync"] = Mentions.Channel,
        ["Completion"] = Mentions.Channel,

        ["Task"] = Mentions.Spawn,
        ["TaskCompletionSource"] = Mentions.Completion,
        ["ValueTask"] = Mentions.ValueTask,
        ["Result"] = Mentions.Result,
        ["GetResult"] = Mentions.Result,
        ["Thread"] = Mentions.Spawn,
        ["ThreadPool"] = Mentions.Spawn,
        ["Parallel"] = Mentions.Spawn,
        ["AsParallel"] = Mentions.Spawn,
        ["Timer"] = Mentions.Spawn,
        ["PeriodicTimer"] = Mentions.Spawn,
        ["ITimer"] = Mentions.Spawn,
        ["CreateTimer"] = Mentions.Spawn,
        ["FileSystemWatcher"] = Mentions.Spawn,
        ["OutputDataReceived"] = Mentions.Spawn,
        ["ErrorDataReceived"] = Mentions.Spawn,
        ["StartNew"] = Mentions.Spawn,
        ["ContinueWith"] = Mentions.Spawn,

        ["Interlocked"] = Mentions.Atomic,
        ["ImmutableInterlocked"] = Mentions.Atomic,
        ["Volatile"] = Mentions.Atomic,
        ["volatile"] = Mentions.Atomic,

        ["ConcurrentDictionary"] = Mentions.ConcurrentCollection,
        ["ConcurrentQueue"] = Mentions.ConcurrentCollection,
        ["ConcurrentStack"] = Mentions.ConcurrentCollection,
        ["ConcurrentBag"] = Mentions.ConcurrentCollection,
        ["BlockingCollection"] = Mentions.ConcurrentCollection,

        ["ThreadStatic"] = Mentions.ThreadOwn,
        ["ThreadStaticAttribute"] = Mentions.ThreadOwn,
        ["ThreadLocal"] = Mentions.ThreadOwn,

        ["GuardedBy"] = Mentions.Annotation,
        ["GuardedByAttribute"] = Mentions.Annotation,
        ["Holds"] = Mentions.Annotation,
        ["HoldsAttribute"] = Mentions.Annotation,
        ["Sendable"] = Mentions.Annotation,
        ["SendableAttribute"] = Mentions.Annotation,
        ["Confined"] = Mentions.Annotation,
        ["ConfinedAttribute"] = Mentions.Annotation,
        ["SendableOnly"] = Mentions.Annotation,
        ["SendableOnlyAttribute"] = Mentions.Annotation,

        ["CancellationToken"] = Mentions.Token,
        ["CancellationTokenSource"] = Mentions.Token,
    };

    // The words by their first character, which throws out nearly every word of a file at once.
    private static readonly (string Word, Mentions Kind)[]?[] ByFirstCharacter = GroupByFirstCharacter();

    private readonly ImmutableArray<(int Position, Mentions Kind)> _hits;

    private static ReadOnlySpan<char> Context => "Context".AsSpan();

    private static ReadOnlySpan<char> AsyncName => "Async".AsSpan();

    private MentionIndex(ImmutableArray<(int Position, Mentions Kind)> hits)
    {
        _hits = hits;
        foreach (var (_, kind) in hits)
        {
            All |= kind;
        }
    }

    /// <summary>Gets what the whole text mentions.</summary>
    public Mentions All { get; }

    public static MentionIndex Of(SourceText text)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            text.CopyTo(0, buffer, 0, text.Length);
            return new(Scan(buffer.AsSpan(0, text.Length)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>What the text within <paramref name="span"/> mentions.</summary>
    public Mentions In(TextSpan span)
    {
        var found = Mentions.None;
        for (int i = FirstAtOrAfter(span.Start); i < _hits.Length && _hits[i].Position < span.End; i++)
        {
            found |= _hits[i].Kind;
        }

        return found;
    }

    private static ImmutableArray<(int Position, Mentions Kind)> Scan(ReadOnlySpan<char> text)
    {
        var hits = ImmutableArray.CreateBuilder<(int, Mentions)>();
        for (int i = 0; i < text.Length;)
        {
            if (!IsWordCharacter(text[i]))
            {
                i++;
                continue;
            }

            int start = i;
            while (i < text.Length && IsWordCharacter(text[i]))
            {
                i++;
            }

            if (KindOf(text.Slice(start, i - start)) is var kind && kind != Mentions.None)
            {
                hits.Add((start, kind));
            }
        }

        return hits.ToImmutable();
    }

    private static bool IsWordCharacter(char c) => c < 128 ? char.IsLetterOrDigit(c) || c == '_' : char.IsLetter(c);

    private static Mentions KindOf(ReadOnlySpan<char> word)
    {
        var ending = word.EndsWith(Context) ? Mentions.Context : word.EndsWith(AsyncName) ? Mentions.AsyncName : Mentions.None;
        foreach (var (known, kind) in (word[0] < 128 ? ByFirstCharacter[word[0]] : null) ?? [])
        {
            if (word.SequenceEqual(known.AsSpan()))
            {
                return kind | ending;
            }
        }

        return ending;
    }

    private static (string Word, Mentions Kind)[]?[] GroupByFirstCharacter()
    {
        var groups = new (string, Mentions)[]?[128];
        foreach (var group in Words.GroupBy(pair => pair.Key[0]))
        {
            groups[group.Key] = group.Select(pair => (pair.Key, pair.Value)).ToArray();
        }

        return groups;
    }

    private int FirstAtOrAfter(int position)
    {
        int low = 0, high = _hits.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _hits[middle].Position < position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
