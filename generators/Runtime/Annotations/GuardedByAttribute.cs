namespace Sluice
{
    /// <summary>
    /// The field or property is used only by code that holds the lock: <c>[GuardedBy("_gate")]</c>. The lock is named as code of this type names it;
    /// <c>"this"</c> is the object itself. Constructors have the object to themselves. It is read by the compiler and leaves nothing in the program.
    /// </summary>
#if NET8_0_OR_GREATER || !(NET || NETCOREAPP || NETSTANDARD || NETFRAMEWORK)
    [global::Microsoft.CodeAnalysis.Embedded]
#endif
    [global::System.Diagnostics.Conditional("SLUICE_ANNOTATIONS")]
    [global::System.AttributeUsage(global::System.AttributeTargets.Field | global::System.AttributeTargets.Property)]
    internal sealed class GuardedByAttribute : global::System.Attribute
    {
        /// <summary>Initializes a new instance of the <see cref="GuardedByAttribute"/> class.</summary>
        /// <param name="gate">The name of the field or property that is the lock.</param>
        public GuardedByAttribute(string gate)
        {
            Gate = gate;
        }

        /// <summary>Gets the name of the lock.</summary>
        public string Gate { get; }
    }
}
