namespace Sipstead.Provisioning;

/// <summary>How well a password stands up to guessing: advice for a person, not a rule.</summary>
public enum PasswordStrength
{
    /// <summary>Guessed soon: short, of one kind of characters, common, or a mere sequence.</summary>
    Weak,

    /// <summary>Holds for a while.</summary>
    Fair,

    /// <summary>Holds.</summary>
    Strong,
}
