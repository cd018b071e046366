/** The look of the HTML report: of the system's own fonts, in the reader's light or dark. */
export const backtestStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --panel: #ffffff; --text: #1b2430; --quiet: #566273; --line: #d9dee6;
  --new: #1f6feb; --old: #8a6d1d; --right: #1f7a4d; --wrong: #c2412d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151c; --panel: #18202b; --text: #e8edf4; --quiet: #a3b0c2; --line: #2c3848;
    --new: #6aa8ff; --old: #e0b84f; --right: #56c48c; --wrong: #ff8a73;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
p { margin: 0 0 .5rem; }
.quiet { color: var(--quiet); }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin-top: 1rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem; background: none; border: 0; padding: 0; }
.tile { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; }
.tile strong { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
thead th { color: var(--quiet); font-weight: 600; }
tr.old td { font-style: italic; }
.wrongly { color: var(--wrong); }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--quiet); }
svg .name { fill: var(--text); }
svg .grid { stroke: var(--line); }
svg .axis { stroke: var(--quiet); }
svg .curve { fill: none; stroke: var(--new); stroke-width: 2; }
svg .point circle { fill: var(--panel); stroke: var(--new); stroke-width: 3; }
svg .label { fill: var(--text); font-weight: 600; paint-order: stroke; stroke: var(--panel); stroke-width: 4px; }
svg .old rect { fill: var(--old); }
svg .right { fill: var(--right); }
svg .wrong { fill: var(--wrong); }
svg .before { fill: var(--old); }
svg .after { fill: var(--new); }
.key { display: flex; gap: 1.25rem; flex-wrap: wrap; margin: 0 0 .5rem; padding: 0; list-style: none; color: var(--quiet); }
.key li::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; background: currentColor; }
.key .right::before, .key .right { color: var(--right); } .key .wrong { color: var(--wrong); }
.key .before { color: var(--old); } .key .after { color: var(--new); }
.notice { border-left: 4px solid var(--wrong); }
`;
