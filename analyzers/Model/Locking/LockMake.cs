using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Locking;

/// <summary>How the locks of one class are made: what tells a semaphore that is a lock from one that counts, and a recursive lock from one that is not.</summary>
/// <param name="Count">The initial count of a semaphore; null when it is not known or differs.</param>
/// <param name="IsRecursive">Whether a reader-writer lock, or a lock of the language, may be taken again by who holds it; null when not known.</param>
internal readonly record struct LockMake(int? Count, bool? IsRecursive)
{
    public static LockMake Of(LockRef locked, Sources sources)
    {
        var makes = CreationsOf(locked, sources).Select(Read).Distinct().ToList();
        return makes.Count == 1 ? makes[0] : default;
    }

    private static System.Collections.Generic.IEnumerable<IObjectCreationOperation> CreationsOf(LockRef locked, Sources sources) => (locked.Made ?? locked.Class) switch
    {
        ILocalSymbol local => local.DeclaringSyntaxReferences.Select(reference => sources.MemberOf(reference.GetSyntax())?.Locals.OnlyValue(local)).OfType<IOperation>().SelectMany(Within),
        IMethodSymbol method => method.DeclaringSyntaxReferences.Select(reference => sources.MemberOf(reference.GetSyntax())).OfType<Body>().SelectMany(body => body.All).SelectMany(body => body.Operations).OfType<IObjectCreationOperation>().Where(IsLock),
        _ when locked.IsElement => sources.UsesOf(locked.Class).Select(token => token.Parent is { } node ? sources.MemberOf(node) : null).OfType<Body>().GroupBy(body => body.Declaration).Select(group => group.First())
            .SelectMany(body => body.All).SelectMany(body => body.Operations).OfType<IObjectCreationOperation>().Where(IsLock),
        var member => sources.Of(member).Select(source => source.Value).SelectMany(Within),
    };

    private static System.Collections.Generic.IEnumerable<IObjectCreationOperation> Within(IOperation value) => value.DescendantsAndSelf().OfType<IObjectCreationOperation>().Where(IsLock);

    private static bool IsLock(IObjectCreationOperation creation) => creation.Type is { Name: "SemaphoreSlim" or "Semaphore" or "ReaderWriterLockSlim" };

    private static LockMake Read(IObjectCreationOperation creation) => creation.Type!.Name switch
    {
        "ReaderWriterLockSlim" => new(null, creation.Arguments.Length == 1 && creation.Arguments[0].Value.Bare() is IFieldReferenceOperation { Field.Name: "SupportsRecursion" }),
        _ => new(creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value.ConstantValue is { HasValue: true, Value: int count } ? count : null, false),
    };
}
