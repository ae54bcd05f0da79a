/// The reference of plan files, and of the files that they may name.
public enum PlanReference {
    /// `Datasets/PLAN.md`, made from the tables of keys.
    public static let page =
        """
        # The keys of the plan file

        A plan file is JSON; comments (`//`, `/* */`) and a comma after the last item are allowed. Every key has a default \
        but those that are required. Times are a number with a unit: ns, us, ms, s, m, h, d or w. `highwater config check` \
        checks a file, `highwater config schema` prints its JSON Schema, `highwater config reference` this page, which is \
        made from the code.

        What an object of `scenarios` holds is also what a scenario file holds, for `highwater whatif`; an object of \
        `events` may be written as a text, as for `--event`. What `catalogue` holds may be a file of its own, and so may \
        `sources[].map`, which `highwater ingest --map` takes too.

        """ + ConfigurationGuide.markdown(PlanFile.shape, title: "The plan file")
}
