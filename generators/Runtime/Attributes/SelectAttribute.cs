namespace Sluice
{
    /// <summary>
    /// Makes a select of a partial class: its readonly fields of the types Receive, Send, After, Done, When and Tick are the cases, and <c>await</c> waits until one
    /// of them can go on, as Go's select does. Without any case it waits for ever.
    /// </summary>
#if NET8_0_OR_GREATER || !(NET || NETCOREAPP || NETSTANDARD || NETFRAMEWORK)
    [global::Microsoft.CodeAnalysis.Embedded]
#endif
    [global::System.AttributeUsage(global::System.AttributeTargets.Class, Inherited = false)]
    internal sealed class SelectAttribute : global::System.Attribute
    {
    }
}
