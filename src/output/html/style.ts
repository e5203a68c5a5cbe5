/**
 * The page's style. Nothing in it comes from a report. No `<` or `&`: it also stands in an SVG picture, which is XML. Colours of
 * text keep a contrast of 4.5 and more to every ground that they stand on, in both themes.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --paper: #ffffff; --sunk: #eef0f3; --ink: #171b21; --quiet: #535c68; --line: #d9dee4;
  --accent: #1b58a8; --accent-soft: #b9d0ee; --used: #3d4753; --warn: #8a4b00; --warn-ground: #fff6e5; --warn-line: #e0a94a;
  --critical: #a10f3c; --high: #a83c12; --medium: #7a5700; --low: #22617d; --info: #535c68;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1216; --paper: #161a20; --sunk: #1f242c; --ink: #e4e8ed; --quiet: #a0a9b5; --line: #2d343d;
    --accent: #7fb2f5; --accent-soft: #2b4a73; --used: #aeb7c2; --warn: #f0b95a; --warn-ground: #261e10; --warn-line: #8a6420;
    --critical: #ff7d9c; --high: #ff9468; --medium: #e0b341; --low: #6cbcdc; --info: #a0a9b5;
  }
}
*, ::before { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.45 var(--sans); font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
header, main, footer { max-width: 1400px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 26px; }
footer { padding-top: 8px; padding-bottom: 40px; color: var(--quiet); font-size: 12px; }
main:focus { outline: none; }
section { margin: 0 0 26px; }
h1 { font-size: 24px; line-height: 1.2; letter-spacing: -0.01em; margin: 0; }
h2 { font-size: 16px; margin: 0 0 10px; }
h2 + .quiet { margin-bottom: 10px; }
h3, h4 { font-size: 14px; margin: 0; }
h4, .around h3 { margin: 18px 0 6px; font-size: 12px; text-transform: uppercase; letter-spacing: 0.04em; color: var(--quiet); }
p, ul, ol, dl { margin: 0; }
a { color: var(--accent); text-underline-offset: 2px; }
code, pre, .path, .server { font-family: var(--mono); font-size: 12.5px; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -9999px; top: 8px; padding: 8px 12px; background: var(--paper); z-index: 3; }
.skip:focus { left: 8px; }
.quiet, .in, .far, .why, .unknown { color: var(--quiet); }
h2 .quiet, h4 .quiet { font-weight: 400; text-transform: none; letter-spacing: 0; margin-left: 4px; }
.name, .in, .path, .server, dd, td, th, li, p { overflow-wrap: anywhere; }
.why { display: block; font-size: 12.5px; }
.bar-of-title { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin-bottom: 12px; }
.state { font-size: 12px; font-weight: 600; padding: 2px 9px; border-radius: 10px; border: 1px solid; }
.state.complete { color: var(--quiet); border-color: var(--line); }
.state.incomplete { color: var(--warn); border-color: var(--warn-line); background: var(--warn-ground); }
.about { display: flex; flex-wrap: wrap; gap: 6px 28px; margin-bottom: 20px; }
.about dt { font-size: 12px; color: var(--quiet); }
.about dd { margin: 0; }
.truth { border: 1px solid var(--line); border-left: 3px solid var(--quiet); border-radius: 6px; background: var(--paper); padding: 14px 18px; }
.truth.incomplete { border-color: var(--warn-line); border-left-color: var(--warn-line); background: var(--warn-ground); }
.truth h2 { font-size: 14px; margin-bottom: 4px; }
.truth h3 { font-size: 12px; color: var(--quiet); margin-top: 10px; }
.truth.incomplete .verdict { font-weight: 600; color: var(--warn); }
.truth ul { padding-left: 18px; }
.truth .more { margin-top: 8px; }
.notes { font-size: 13px; }
.figures { display: flex; flex-wrap: wrap; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); margin-bottom: 8px; }
.figure { flex: 1 1 190px; padding: 12px 18px; border-left: 1px solid var(--line); margin-left: -1px; }
.figure:first-child { flex-grow: 2; }
.figure dt { font-size: 12px; color: var(--quiet); }
.figure dd { margin: 0; }
.figure dd > b { display: block; font-size: 24px; line-height: 1.3; letter-spacing: -0.01em; }
.figure dd > span { font-size: 12.5px; color: var(--quiet); }
.counts { display: flex; flex-wrap: wrap; gap: 2px 14px; }
.level { color: var(--info); }
.severity { display: inline-block; font-size: 12.5px; font-weight: 600; white-space: nowrap; color: var(--info); }
.severity::before { content: ""; display: inline-block; width: 8px; height: 8px; border-radius: 2px; margin-right: 6px; background: currentColor; }
.severity.low::before, .severity.info::before { background: none; border: 2px solid; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); }
.level.none { color: var(--quiet); }
.timeline { border: 1px solid var(--line); border-radius: 6px; background: var(--paper); padding: 10px 0 4px; }
.timeline ol { list-style: none; padding: 0; }
.ruler, .row { display: grid; grid-template-columns: minmax(180px, 31%) 1fr 184px; gap: 0 14px; align-items: center; padding: 0 16px; }
.ruler { font-size: 12px; color: var(--quiet); align-items: end; padding-bottom: 8px; }
.heads span, .ends span { min-width: 0; }
.ruler .heads, .ends { display: grid; grid-template-columns: 1fr 62px; gap: 8px; }
.ruler .heads span:last-child, .ends > span:last-child { text-align: right; }
.row { position: relative; padding-top: 4px; padding-bottom: 4px; color: inherit; text-decoration: none; border-top: 1px solid var(--line); }
.row:hover, .row:focus-visible { background: var(--sunk); }
.row:focus-visible { outline-offset: -2px; }
.what { line-height: 1.3; min-width: 0; }
.what .in { font-size: 12.5px; }
.what .severity { min-width: 68px; }
.row .name, .row .in, .finding > summary .name, .finding > summary .below { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.row .name { -webkit-line-clamp: 2; }
.ends { font-size: 13px; }
svg { display: block; overflow: visible; }
svg.axis, svg.bar { width: 100%; }
.legend svg.bar { width: 26px; display: inline-block; vertical-align: -1px; }
.axis text { font: 600 11.5px var(--sans); fill: var(--ink); font-variant-numeric: tabular-nums; }
.axis text.date { font-weight: 400; fill: var(--quiet); }
.axis text.now { fill: var(--accent); }
.tick { stroke: var(--line); stroke-width: 1; }
line.now { stroke: var(--accent); stroke-width: 1.5; }
.used { fill: var(--used); } .rest { fill: var(--accent); } .projected { fill: var(--accent-soft); }
.maybe { fill: url(#hatch-maybe); } .projected.bound { fill: url(#hatch-bound); }
#hatch-maybe .ground, #hatch-bound .ground { fill: var(--paper); }
#hatch-maybe .stripe { fill: var(--used); opacity: 0.55; }
#hatch-bound .stripe { fill: var(--accent); opacity: 0.6; } #hatch-bound .ground { fill: var(--accent-soft); opacity: 0.55; }
.patterns { position: absolute; }
line.end { stroke: var(--accent); stroke-width: 2; }
.sign { font: 600 13px var(--sans); fill: var(--ink); }
.tip { display: none; position: absolute; z-index: 2; left: 31%; top: calc(100% - 3px); max-width: 60%; padding: 8px 12px; background: var(--ink); color: var(--paper); border-radius: 5px; font-size: 12.5px; pointer-events: none; overflow-wrap: anywhere; }
.tip > b { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.tip span { display: block; } .tip span b { font-weight: 600; }
.row:hover .tip, .row:focus-visible .tip { display: block; }
.legend { list-style: none; padding: 8px 0 0; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 12.5px; color: var(--quiet); }
.legend .glyph { color: var(--ink); }
details.table { margin-top: 10px; }
summary { cursor: pointer; }
details.table > summary, .alike > summary { color: var(--accent); }
.tools { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin: 0 0 10px; font-size: 13px; }
.tools[hidden] { display: none; }
.tools input[type="search"] { width: 220px; }
.tools input, .tools select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: 4px; padding: 3px 8px; }
button { cursor: pointer; } button:hover { background: var(--sunk); }
.levels { display: flex; flex-wrap: wrap; gap: 4px 12px; } .tools output { color: var(--quiet); }
.findings { list-style: none; padding: 0; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); }
.findings > li + li { border-top: 1px solid var(--line); }
.findings > li:empty { display: none; }
.finding > summary, section > .heads { display: grid; gap: 2px 16px; padding: 8px 16px 8px 34px; align-items: baseline; }
section > .heads { font-size: 12px; color: var(--quiet); padding-top: 0; padding-bottom: 4px; }
.heads.of-credentials, .of-credentials .finding > summary { grid-template-columns: 78px minmax(0, 1fr) 64px 140px 72px 96px; }
.heads.of-findings, .of-findings .finding > summary { grid-template-columns: 78px minmax(0, 1fr) 64px 140px 96px; }
.heads.of-subjects, .of-subjects .finding > summary { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 0.7fr) 56px; }
.heads.of-adversaries, .of-adversaries .finding > summary { grid-template-columns: minmax(0, 1fr) minmax(0, 1.8fr) minmax(0, 1fr); }
.of-credentials .told:nth-child(n+5), .heads.of-credentials > :nth-child(n+5), .heads:not(.of-adversaries) > :last-child, .findings:not(.of-adversaries) .told:last-child { text-align: right; }
.finding .inside summary { display: list-item; padding: 0; }
.finding > summary { position: relative; list-style: none; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary::before, .topic > summary::before { content: "›"; position: absolute; left: 16px; top: 5px; font-size: 17px; color: var(--quiet); }
.finding[open] > summary::before, .topic[open] > summary::before { content: "⌄"; top: 3px; }
.finding > summary:hover { background: var(--sunk); }
.finding > summary:focus-visible { outline-offset: -2px; }
.finding[open] > summary { background: var(--sunk); border-radius: 5px 5px 0 0; }
.finding:target > summary { box-shadow: inset 3px 0 var(--accent); }
summary .below { font-size: 12.5px; color: var(--quiet); } summary .below b { font-weight: 400; }
.term-of { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.inside { padding: 4px 16px 18px 34px; }
.inside > .next:first-child h4 { margin-top: 8px; }
.inside > .facts { margin-top: 10px; } h4 + .facts { margin-top: 0 !important; }
.facts { display: grid; gap: 3px 24px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.facts > div { display: grid; grid-template-columns: 110px minmax(0, 1fr); gap: 8px; }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; } .facts ul, .inside ul { padding-left: 18px; }
.remarks:empty { display: none; }
.command { display: flex; align-items: start; gap: 8px; background: var(--sunk); border: 1px solid var(--line); border-radius: 4px; padding: 5px 9px; margin: 3px 0; }
.command code { flex: 1; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.finding[open] .command { background: var(--ground); }
.command button { font-size: 12px; padding: 0 7px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 5px; background: var(--paper); }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
caption { text-align: left; padding: 6px 10px; color: var(--quiet); font-size: 12.5px; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px; }
thead th { font-size: 12px; font-weight: 400; color: var(--quiet); border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.fit { width: max-content; max-width: 320px; }
tbody th { font-weight: 400; } .number { text-align: right; white-space: nowrap; }
details.table tbody th { min-width: 170px; }
.places, .readers { min-width: 660px; table-layout: fixed; } .ways { min-width: 820px; }
.places tbody th > .name { display: block; } .places th:first-child { width: 36%; } .places th:nth-child(2) { width: 27%; }
tbody tr.how > * { border-top: 0; padding-top: 0; padding-bottom: 8px; }
.how .command { margin: 0; }
.readers th:first-child { width: 30%; } .readers th:nth-child(3) { width: 24%; }
.edges { display: block; margin-top: 3px; font-size: 12px; } .edges .term { margin-right: 4px; }
.term { font-family: var(--mono); font-size: 12px; }
.bounded { color: var(--warn); font-size: 13px; margin: 6px 0; }
.everyone { color: var(--critical); }
.around p, .around .next { margin: 0 0 6px; }
.topic { border-bottom: 1px solid var(--line); } .topic > summary { position: relative; list-style: none; padding: 6px 0 6px 20px; display: grid; grid-template-columns: minmax(140px, 220px) 1fr; gap: 12px; }
.topic > summary::-webkit-details-marker { display: none; } .topic > summary::before { left: 2px; top: 3px; }
.topic .inside { padding-left: 20px; max-width: 90ch; } .topic .inside p { margin: 4px 0; }
.steps { padding-left: 20px; margin: 6px 0; } .workload { padding: 5px 0; }
@media (max-width: 760px) {
  header, main, footer { padding-left: 14px; padding-right: 14px; }
  h1 { font-size: 20px; }
  .about { gap: 6px 20px; }
  .ruler { grid-template-columns: 1fr; } .ruler > span, .ruler .heads { display: none; }
  svg.bar { overflow: hidden; }
  .row { grid-template-columns: 1fr; gap: 2px; padding-left: 10px; padding-right: 10px; }
  .ruler { padding: 0 10px 4px; }
  .ends { grid-template-columns: 1fr auto; color: var(--quiet); } .ends .unseen { position: static; width: auto; height: auto; margin: 0; clip-path: none; }
  .tip { position: static; max-width: none; }
  section > .heads.heads { display: none; }
  .places, .readers, .ways { min-width: 0; display: block; }
  .places :is(thead, tbody, tr, th, td), .readers :is(thead, tbody, tr, th, td), .ways :is(thead, tbody, tr, th, td) { display: block; width: auto !important; }
  .places thead, .readers thead, .ways thead { position: absolute; width: 1px !important; height: 1px; overflow: hidden; clip-path: inset(50%); }
  td[data-label]::before { content: attr(data-label) " "; display: block; font-size: 12px; color: var(--quiet); }
  .places tr > *, .readers tr > *, .ways tr > * { border-top: 0 !important; padding-bottom: 2px; }
  :is(.places, .readers, .ways) tbody tr:not(.how) + tr:not(.how), .how + tr { border-top: 1px solid var(--line); }
  .finding.finding > summary { grid-template-columns: repeat(2, minmax(0, 1fr)); padding: 8px 12px 8px 30px; }
  .finding > summary::before { left: 12px; }
  .finding > summary > .named { grid-column: 1 / -1; grid-row: 1; }
  .finding > summary > .graded { grid-row: 2; }
  .finding > summary > .told { text-align: left !important; }
  .term-of { position: static; width: auto; height: auto; clip-path: none; color: var(--quiet); font-size: 12px; }
  .inside { padding: 4px 12px 16px; }
  .facts > div { grid-template-columns: 92px minmax(0, 1fr); }
  .tools input[type="search"] { width: 100%; } .tools label:first-child { flex: 1 1 100%; }
  .topic > summary { grid-template-columns: 1fr; gap: 0; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root { color-scheme: light; }
  @page { margin: 14mm; }
  body { background: #ffffff; font-size: 11px; }
  header, main, footer { max-width: none; padding: 0; }
  .skip, .tools > :not(output), .command button, .tip { display: none !important; }
  .tools:not([hidden]):has(output:empty) { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; display: block; }
  .finding > summary::before, .topic > summary::before { content: ""; }
  .scroll { overflow: visible; } .fit { width: auto; } thead th { white-space: normal; } .places, .readers, .ways { min-width: 0; }
  summary .name, summary .below, .row .name, .row .in { display: block; overflow: visible; }
  .row, tr, .figure, summary, .command { break-inside: avoid; } h2, h4, summary { break-after: avoid; }
  svg, .severity::before { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
