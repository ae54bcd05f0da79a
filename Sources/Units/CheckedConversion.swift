extension FixedWidthInteger {
    /// The whole number nearest to zero from a number (its fraction cut off), the nearest one that there is where it lies
    /// outside of the type's range, and 0 where it is not a number: a figure from a file never ends the program.
    ///
    /// Every conversion of floating point goes through this one; a test sees to it.
    @inlinable
    public init(saturating value: Double) {
        if let exact = Self(exactly: value.rounded(.towardZero)) {
            self = exact
        } else if value.isNaN {
            self = 0
        } else {
            self = value < 0 ? .min : .max
        }
    }
}

// The same for the two commonest types, by comparisons and one instruction.

extension Int {
    /// The whole number nearest to zero from a number; see `FixedWidthInteger`.
    @inlinable
    public init(saturating value: Double) { self = Int(Int64(saturating: value)) }
}

extension Int64 {
    /// The whole number nearest to zero from a number; see `FixedWidthInteger`.
    @inlinable
    public init(saturating value: Double) {
        if value >= -0x1p63 && value < 0x1p63 {
            self = Int64(value)
        } else {
            self = value.isNaN ? 0 : value < 0 ? .min : .max
        }
    }
}
