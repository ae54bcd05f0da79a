/// The reference of plan files, and of the files that they may name.
public enum PlanReference {
    /// `Datasets/PLAN.md`, made from the tables of keys.
    public static let page =
        """
        # The keys of the plan file

        A plan file is JSON; comments (`//`, `/* */`) and a comma after the last item are allowed. Every key \
        has a default unless it is required. Durations are a number with a unit: ns, us, ms, s, m, h, d or w. \
        `highwater config check` checks a file, `highwater config schema` prints its JSON Schema, and \
        `highwater config reference` generates this page.

        A scenario file for `highwater whatif` has the same keys as an object of `scenarios`. An event can \
        also be a string, as for `--event`. The value of `catalogue` can be in its own file. So can \
        `sources[].map`; `highwater ingest --map` reads the same file.

        """ + ConfigurationGuide.markdown(PlanFile.shape, title: "The plan file")
}
