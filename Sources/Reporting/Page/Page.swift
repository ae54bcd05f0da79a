/// One self-contained page: its style inside, no script, no network.
struct Page: Sendable {
    var title: String
    var sections: [Section] = []

    /// A part of the page with a heading that the contents link to.
    struct Section: Sendable {
        var anchor: String
        var title: String
        var body: Markup
    }

    mutating func add(_ anchor: String, _ title: String, _ body: Markup) {
        sections.append(Section(anchor: anchor, title: title, body: body))
    }

    /// The page as UTF-8 text.
    func html(lead: Markup) -> String {
        let contents = sections.map { section -> Markup in
            "<a href=\"#\(section.anchor)\">\(section.title)</a>"
        }.joined()
        let body = sections.map { section -> Markup in
            """
            <section id="\(section.anchor)"><h2>\(section.title)</h2>
            \(section.body)</section>

            """
        }.joined()
        let page: Markup = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>\(Markup(verbatim: Palette.style + Page.style + Plot.style))</style></head>
            <body><header><h1>\(title)</h1>
            \(lead)<nav>\(contents)</nav></header>
            <main>
            \(body)</main></body></html>

            """
        return page.text
    }

    /// A table of text; `numeric` columns are set to the right. What stands `below` a row, one text a row, is folded.
    static func table(
        _ header: [String], numeric: Set<Int> = [], _ rows: [[String]], below: [String] = [], limit: Int = 60
    ) -> Markup {
        let head = header.enumerated().map { index, name -> Markup in
            numeric.contains(index) ? "<th class=\"n\">\(name)</th>" : "<th>\(name)</th>"
        }.joined()
        let body = rows.prefix(limit).enumerated().map { place, row -> Markup in
            let cells = row.enumerated().map { index, cell -> Markup in
                numeric.contains(index) ? "<td class=\"n\">\(cell)</td>" : "<td>\(cell)</td>"
            }.joined()
            guard place < below.count, !below[place].isEmpty else { return "<tr>\(cells)</tr>\n" }
            return """
                <tr class="over">\(cells)</tr>
                <tr class="why"><td colspan="\(header.count)"><details><summary>Why</summary><p>\(below[place])</p></details></td></tr>

                """
        }.joined()
        let more: Markup =
            rows.count > limit ? "<p class=\"more\">and \(rows.count - limit) more rows in the CSV</p>" : ""
        return """
            <div class="scroll"><table><thead><tr>\(head)</tr></thead><tbody>
            \(body)</tbody></table></div>\(more)

            """
    }

    private static let style = """
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        p,li{max-width:75ch}.over td{border-bottom:0}.why td{padding-top:0}.why p{margin:4px 0}.why summary{cursor:pointer;color:var(--soft)}
        header,main{max-width:1200px;margin:0 auto;padding:0 20px}header{padding-top:28px}
        h1{font-size:25px;margin:0 0 6px;letter-spacing:-.01em;overflow-wrap:anywhere}h2{font-size:18px;margin:34px 0 8px}
        h3{font-size:15px;margin:20px 0 6px}
        nav{display:flex;flex-wrap:wrap;gap:4px 16px;border-bottom:1px solid var(--line);padding:10px 0;font-size:14px}
        a{color:var(--c0);text-decoration:none}a:hover{text-decoration:underline}
        .verdict{border-left:4px solid var(--c0);background:var(--card);padding:12px 16px;margin:14px 0;border-radius:0 6px 6px 0}
        .verdict.bad{border-color:var(--bad)}.verdict.good{border-color:var(--good)}.verdict p{margin:4px 0}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:14px 0}
        .card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 12px}
        .card b{display:block;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}
        .card span{color:var(--soft);font-size:13px}
        figure{margin:14px 0;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 12px}
        figcaption{font-weight:600;font-size:14px;margin-bottom:4px;overflow-wrap:anywhere}svg{width:100%;height:auto;display:block}
        .legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12.5px;color:var(--soft);margin-top:4px}
        .key i{display:inline-block;width:18px;height:0;border-top:2px solid;margin-right:6px;vertical-align:middle}
        .key i.dotted{border-top-style:dotted}.key i.dashed{border-top-style:dashed}.key i.area{height:9px;border:0;background:currentColor;opacity:.3}
        .key i.dot{width:7px;height:7px;border:0;border-radius:50%;background:currentColor}
        .k0{color:var(--c0)}.k1{color:var(--c1)}.k2{color:var(--c2)}.k3{color:var(--c3)}.k4{color:var(--c4)}.k5{color:var(--c5)}.k6{color:var(--c6)}.k7{color:var(--c7)}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13.5px;margin:8px 0}
        th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}td:first-child{min-width:7em;max-width:24em;overflow-wrap:break-word}td{min-width:4em}
        th{color:var(--soft);font-weight:600;white-space:nowrap}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .more,.note{color:var(--soft);font-size:13px}.heat text{font:10.5px system-ui,sans-serif;fill:var(--soft)}
        main{padding-bottom:60px}@media print{nav{display:none}tr,figure,.card,.verdict{break-inside:avoid}.over{break-after:avoid}\
        h2,h3{break-after:avoid}thead{display:table-header-group}.scroll{overflow:visible}}
        """
}

extension Markup {
    /// Text that is known to be markup, as the page's own style.
    init(verbatim text: String) {
        self.text = text
    }
}
