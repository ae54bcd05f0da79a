/// The colours of pages and plots, light and dark.
enum Palette {
    /// The colours, for light and for dark screens.
    static let style = """
        :root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1c2024;--soft:#5d6670;--line:#dfe2e5;--card:#fff;\
        --c0:#2563a8;--c1:#c2571a;--c2:#2f7d4f;--c3:#8a4fa3;--c4:#b3892b;--c5:#7a828a;--c6:#17858a;--c7:#c2407a;--bad:#b3261e;--good:#2f7d4f}
        @media(prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e6e8ea;--soft:#9aa4ae;--line:#2d3339;--card:#1a1e22;\
        --c0:#6ea8e5;--c1:#ee9560;--c2:#74c493;--c3:#c79add;--c4:#dfbd6d;--c5:#9aa4ae;--c6:#5fc7c7;--c7:#ee85b5;--bad:#f28b82;--good:#74c493}}

        """
}
