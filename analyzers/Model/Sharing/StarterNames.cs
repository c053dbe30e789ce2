using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Sluice.Model.Files;

namespace Sluice.Model.Sharing;

/// <summary>Which members may start work that runs beside them, judged by names alone: who starts work, and who names somebody who does. It binds nothing, and says too much.</summary>
internal sealed class StarterNames
{
    /// <summary>How many calls there may be between a member and the start.</summary>
    public const int Deepest = 3;

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "Run", "StartNew", "QueueUserWorkItem", "UnsafeQueueUserWorkItem", "Thread", "Timer", "Parallel", "AsParallel", "ContinueWith", "Elapsed", "CreateTimer", "FileSystemWatcher", "OutputDataReceived", "ErrorDataReceived", "Exited",
    };

    private readonly HashSet<string> _starting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<SyntaxNode, NamedMember> _members;

    /// <summary>Finds who starts work, a method by its name, a constructor or initializer by the name of its type; and who gives a task, which runs on when it is not awaited.</summary>
    public StarterNames(Compilation compilation, CancellationToken cancellation)
    {
        var members = compilation.SyntaxTrees
            .Select(SourceFile.Of)
            .Where(file => (file.Mentions(cancellation).All & (Mentions.Spawn | Mentions.Async)) != 0)
            .SelectMany(file => file.Members(cancellation))
            .ToList();
        _members = members.ToDictionary(member => member.Declaration);
        _running.UnionWith(members.Where(member => member.GivesTask).Select(member => member.Name));
        _starting.UnionWith(members.Where(Starts).Select(member => member.Name));
        for (int depth = 1; depth < Deepest; depth++)
        {
            _starting.UnionWith(members.Where(member => !_starting.Contains(member.Name) && _starting.Overlaps(member.Names)).Select(member => member.Name).ToList());
        }
    }

    /// <summary>Whether the code may start work, or calls who may.</summary>
    public bool MayStart(SyntaxNode declaration)
    {
        var member = _members.TryGetValue(declaration, out var known) ? known : NamedMember.Of(declaration);
        return _starting.Overlaps(member.Names) || Starts(member);
    }

    /// <summary>Whether a member of this name, or the constructor of a type of this name, may start work.</summary>
    public bool IsStarting(string name) => _starting.Contains(name);

    private bool Starts(NamedMember member) => member.HasAsyncFunction || Words.Overlaps(member.Names) || _running.Overlaps(member.Loose);
}
