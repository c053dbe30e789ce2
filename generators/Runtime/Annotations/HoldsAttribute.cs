namespace Sluice
{
    /// <summary>
    /// Whoever calls the method holds the lock: <c>[Holds("_gate")]</c>. The method may use what the lock guards, and a call without the lock is reported.
    /// It is read by the compiler and leaves nothing in the program.
    /// </summary>
#if NET8_0_OR_GREATER || !(NET || NETCOREAPP || NETSTANDARD || NETFRAMEWORK)
    [global::Microsoft.CodeAnalysis.Embedded]
#endif
    [global::System.Diagnostics.Conditional("SLUICE_ANNOTATIONS")]
    [global::System.AttributeUsage(global::System.AttributeTargets.Method | global::System.AttributeTargets.Property, AllowMultiple = true)]
    internal sealed class HoldsAttribute : global::System.Attribute
    {
        /// <summary>Initializes a new instance of the <see cref="HoldsAttribute"/> class.</summary>
        /// <param name="gate">The name of the field or property that is the lock.</param>
        public HoldsAttribute(string gate)
        {
            Gate = gate;
        }

        /// <summary>Gets the name of the lock.</summary>
        public string Gate { get; }
    }
}
