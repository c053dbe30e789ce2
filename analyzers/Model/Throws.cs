using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model;

/// <summary>
/// Whether an operation is likely to throw, as a careful reviewer would say: a call into unknown code may, adding to a list does not.
/// Out of memory, thread abort and a null receiver do not count.
/// </summary>
internal sealed class Throws(CompilationModel compilation, CancellationToken cancellation)
{
    /// <summary>Whether it may throw, with callees of this compilation looked into.</summary>
    public bool May(IOperation operation) => May(operation, callee => compilation.Summaries.MayThrow(callee, cancellation));

    /// <summary>Whether it may throw, with callees of this compilation answered for by <paramref name="mayThrow"/>.</summary>
    public static bool May(IOperation operation, Func<IMethodSymbol, bool> mayThrow)
    {
        switch (operation)
        {
            case IThrowOperation or IDynamicInvocationOperation:
            case IReturnOperation { Kind: OperationKind.YieldReturn }: // whoever enumerates may stop here: then only what is in a finally runs
                return true;
            case IAwaitOperation awaiting:
                return awaiting.Awaited() switch
                {
                    IInvocationOperation { TargetMethod: { IsAsync: true, DeclaringSyntaxReferences.IsEmpty: false } callee } => IsOpen(callee) || mayThrow(callee),
                    IInvocationOperation call => !IsSafeToAwait(call.TargetMethod),
                    IPropertyReferenceOperation { Property.Name: "CompletedTask" } => false,
                    _ => true,
                };
            case IInvocationOperation { TargetMethod.IsAsync: true }:
                return false; // what it throws is in its task
            case IInvocationOperation call when CalleeOf(call) is null:
                return call.TargetMethod.MethodKind == MethodKind.DelegateInvoke || !(IsSafe(call.TargetMethod) || IsHarmless(call.TargetMethod));
            default:
                return CalleeOf(operation) is { } code && !IsHarmless(code) && (IsOpen(code) || mayThrow(code));
        }
    }

    /// <summary>Whether nothing comes after it: the process ends, or it always throws.</summary>
    public static bool EndsThere(IOperation operation) => operation is IInvocationOperation { TargetMethod: var method }
        && (method is { Name: "FailFast" or "Exit", ContainingType: { Name: "Environment", ContainingNamespace.Name: "System" } }
            || method.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "DoesNotReturnAttribute" }));

    // The code of this compilation that the operation runs. Automatic properties run none, and those that others may write are expected to be harmless; so are setters.
    private static IMethodSymbol? CalleeOf(IOperation operation)
    {
        var callee = operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            IPropertyReferenceOperation { Property.GetMethod: { IsImplicitlyDeclared: false } getter } property when !IsOpen(getter) && !IsAutomatic(getter) && !IsWritten(property) => getter,
            _ => null,
        };
        return callee is { DeclaringSyntaxReferences.IsEmpty: false, IsImplicitlyDeclared: false } && !IsPrimary(callee) ? callee : null;
    }

    private static bool IsWritten(IPropertyReferenceOperation property) => property.Parent is ISimpleAssignmentOperation assignment && assignment.Target == property;

    private static bool IsAutomatic(IMethodSymbol getter) =>
        getter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is AccessorDeclarationSyntax { Body: null, ExpressionBody: null };

    private static bool IsPrimary(IMethodSymbol callee) => callee.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax;

    // A logger that throws is a defect of its own, which nobody guards against; so is what starts work and forgets it.
    private static bool IsHarmless(IMethodSymbol method) =>
        method.Name == "FireAndForget" || method.Name.StartsWith("Log", StringComparison.Ordinal)
        || (method.ContainingType is { Name: var type } && (type.EndsWith("Logger", StringComparison.Ordinal) || type.EndsWith("Log", StringComparison.Ordinal)));

    private static bool IsSafeToAwait(IMethodSymbol method) => (method.ContainingType?.Name, method.Name) switch
    {
        ("Task", "Yield" or "FromResult") => true,
        ("Task", "Delay") or ("SemaphoreSlim", "WaitAsync") or ("ChannelWriter", "WriteAsync" or "WaitToWriteAsync") => method.Parameters.All(parameter => parameter.Type.Name != "CancellationToken"),
        _ => false,
    };

    // An interface or virtual method is somebody else's code.
    private static bool IsOpen(IMethodSymbol callee) => callee.IsAbstract || callee.IsVirtual || callee.IsExtern;

    // What throws only for a wrong argument counts as safe: a key that is added twice, a path with a forbidden character.
    private static bool IsSafe(IMethodSymbol method) =>
        method.Name.StartsWith("Try", StringComparison.Ordinal)
        || method.Name == "Dispose"
        || (method.ContainingNamespace?.ToDisplayString(), method.ContainingType?.Name, method.Name) switch
        {
            (_, "Object", _) => true,
            (_, "Nullable", "GetValueOrDefault") => true,
            ("System", "Math" or "MathF" or "TimeSpan" or "DateTime" or "DateTimeOffset" or "GC" or "Environment" or "HashCode" or "Console" or "Exception", _) => true,
            ("System", "String" or "Boolean" or "Char" or "Int32" or "Int64", not ("Parse" or "Substring")) => true,
            ("System.Runtime.Intrinsics" or "System.Runtime.Intrinsics.X86" or "System.Runtime.Intrinsics.Arm", _, _) => true,
            ("System" or "System.Numerics" or "System.Runtime.CompilerServices" or "System.Runtime.InteropServices", "BitConverter" or "BitOperations" or "Unsafe" or "MemoryMarshal" or "CollectionsMarshal", _) => true,
            ("System.IO", "Path", not "GetTempFileName") => true,
            ("System.Timers" or "System.Threading", "Timer", "Start" or "Stop" or "Change") => true,
            ("System.Threading", "ThreadPool", _) => true,
            ("System.Diagnostics", _, not ("Start" or "Fail")) => true,
            ("System.Threading", "Interlocked" or "Volatile" or "Monitor" or "Lock" or "SpinWait" or "SpinLock", _) => true,
            ("System.Threading", "CancellationTokenSource", "CancelAfter" or "TryReset" or "CreateLinkedTokenSource") or ("System.Threading", "CancellationToken", "Register" or "UnsafeRegister") => true,
            ("System.Threading", "Thread", "Sleep" or "Yield" or "MemoryBarrier" or "Start" or "Join") => true,
            ("System.Threading", _, "Wait" or "WaitAsync" or "WaitOne") => method.Parameters.All(parameter => parameter.Type.Name != "CancellationToken"),
            ("System.Threading", _, "Set" or "Reset" or "Exit" or "Release" or "ReleaseMutex" or "ExitReadLock" or "ExitWriteLock" or "ExitUpgradeableReadLock" or "EnterReadLock" or "EnterWriteLock" or "EnterUpgradeableReadLock" or "Dispose") => true,
            ("System.Threading.Tasks", "Task" or "ValueTask", "Yield" or "FromResult" or "FromException" or "FromCanceled" or "Run" or "Delay" or "WhenAll" or "WhenAny") => true,
            ("System.Threading.Tasks", _, "ConfigureAwait" or "AsTask" or "GetAwaiter") => true,
            ("System.Threading.Channels", _, not "Complete") => true,
            ("System.Text", "StringBuilder", "Append" or "AppendLine" or "Clear") => true,
            ("System.Collections.Generic" or "System.Collections" or "System.Collections.Concurrent" or "System.Collections.Immutable", _,
                "Add" or "AddRange" or "AddFirst" or "AddLast" or "Enqueue" or "Push" or "Clear" or "Contains" or "ContainsKey" or "ContainsValue" or "Remove" or "RemoveFirst" or "RemoveLast"
                or "RemoveAt" or "RemoveAll" or "GetEnumerator" or "MoveNext" or "Dispose" or "ToArray" or "Insert" or "IndexOf" or "Peek" or "Dequeue" or "Pop" or "GetValueOrDefault" or "SetItem" or "UnionWith") => true,
            ("System.Linq", "Enumerable", "Where" or "Select" or "SelectMany" or "OfType" or "OrderBy" or "OrderByDescending" or "Take" or "Skip" or "Concat" or "Distinct" or "Reverse" or "Empty" or "Range" or "Repeat") => true, // nothing runs yet
            ("System.Linq", "Enumerable", "ToArray" or "ToList" or "Any" or "Count") => method.Parameters.Length <= 1,
            ("Microsoft.Extensions.Logging", _, _) => true,
            _ => false,
        };
}
