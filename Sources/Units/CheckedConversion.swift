extension FixedWidthInteger {
    /// The whole number nearest to zero from a number (its fraction cut off), the nearest one that there is where it lies
    /// outside of the type's range, and 0 where it is not a number: a figure from a file never ends the program.
    ///
    /// Every conversion of floating point goes through this one, unless the bounds stand on the same line.
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
