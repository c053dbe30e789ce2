namespace Sluice.Model;

/// <summary>What code goes out of at its end.</summary>
internal enum Leaving
{
    /// <summary>Its member: a return or a throw.</summary>
    Member,

    /// <summary>Its loop at least: a break too.</summary>
    Loop,

    /// <summary>What stands around it: any branch will do.</summary>
    Block,
}
