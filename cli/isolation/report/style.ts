/** The report's looks: plain, light and dark, and fit for paper. No outside resources. */
export const style = `
:root { color-scheme: light dark; --line: #d4d7dd; --soft: #5b6472; --ground: #ffffff; --ink: #14181f; --band: #f3f5f8; --good: #0b6b3a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --line: #343a45; --soft: #a3abb8; --ground: #12151a; --ink: #e8ebf0; --band: #1b2027; --good: #5fd39a; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
p { max-width: 46rem; margin: .5rem 0; }
.soft, caption, dt { color: var(--soft); }
.result { font-size: 1.125rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1rem 0; }
dd { margin: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; padding: .25rem 0 .5rem; }
th, td { border-bottom: 1px solid var(--line); padding: .375rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--band); white-space: nowrap; }
tbody th { font-weight: 600; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.outcomes { white-space: nowrap; font-variant-numeric: tabular-nums; }
ul { margin: 0; padding-left: 1.1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--band); padding: .75rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print { body { max-width: none; padding: 0; font-size: 11px; } .wide { overflow: visible; } table { font-size: 9px; } tr, h2 { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; } }
`;
