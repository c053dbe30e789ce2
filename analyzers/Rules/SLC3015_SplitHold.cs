using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Sluice.Model;
using Sluice.Model.Files;
using Sluice.Model.Sharing.Split;

namespace Sluice.Rules;

/// <summary>Each hold of a lock keeps others out; what one of them told may be wrong by the next.</summary>
internal sealed class SplitHolds : Rule
{
    internal const string Id = "SLC3015";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Decided under a lock, done under another hold of it",
        "'{0}' acts on what '{1}' told at line {2}, but '{3}' was given back in between, and another thread may have changed '{4}' since: {5}. {6}.",
        Family.Sharing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lock keeps others out while it is held. What was read under it is old news once it is given back: whoever acts on it under the next hold undoes what others did in between, or does what nobody would do any more.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Lock | Mentions.LockedMember;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        CheckCalls(type, report);
        var told = new HashSet<Location>();
        foreach (var split in type.BodiesThatMention(Mentions.Lock).SelectMany(body => SplitHold.In(body, type.Cancellation)))
        {
            if (told.Add(split.Write.Syntax.GetLocation()))
            {
                Report(split.Write, split.Read, split.Lock.ToString(), split.Field.ToString(), split.IsStale, $"Do both under one hold of '{split.Lock}', or look at '{split.Field}' again before this", report);
            }
        }
    }

    // What a test does to an object, it does alone.
    private void CheckCalls(TypeModel type, Action<Diagnostic> report)
    {
        foreach (var split in (type.Mentions & Mentions.LockedMember) == 0 || type.Compilation.IsOfTests ? [] : type.Bodies.SelectMany(body => body.All).SelectMany(body => SplitCall.In(body, type.Cancellation)))
        {
            var (read, act) = split.Pair;
            string gate = $"{act.Type}.{act.Lock}";
            Report(split.Write, split.Read, gate, act.Field, act.Kind == LockedMemberKind.Set, $"'{read.Name}' and '{act.Name}' each take '{gate}' for themselves: give '{act.Type}' one method that does both under it", report);
        }
    }

    private void Report(IOperation write, IOperation read, string gate, string field, bool isStale, string advice, Action<Diagnostic> report) => report(Diagnostic.Create(
        Descriptor,
        write.Syntax.GetLocation(),
        new[] { read.Syntax.GetLocation() },
        write.InOneLine(),
        read.InOneLine(),
        read.Line(),
        gate,
        field,
        isStale ? "that change is lost, or two get the same" : "the answer holds no more",
        advice));
}
