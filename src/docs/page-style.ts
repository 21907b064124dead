/** The style of the page at /docs. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #fff; --panel: #f5f6f4; --ink: #1d2321; --soft: #5d6763; --line: #dde1de;
  --accent: #0b6b53; --get: #0b6b53; --post: #1d5fa8; --patch: #8a5a00; --delete: #a8323e }
@media (prefers-color-scheme: dark) { :root { --ground: #151918; --panel: #1d2321; --ink: #e4e8e6; --soft: #98a39e;
  --line: #323a37; --accent: #5fc9a8; --get: #5fc9a8; --post: #7fb3ef; --patch: #dcae5c; --delete: #ef8d96 } }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--ground);
  display: grid; grid-template-columns: 15rem minmax(0, 1fr) }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px }
code, pre, .path { font: 13px/1.5 ui-monospace, Consolas, monospace }
code { background: var(--panel); padding: .05rem .3rem; border-radius: 4px }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: .5rem; background: var(--ground) }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; background: var(--panel); padding: 1.25rem 1rem;
  border-right: 1px solid var(--line) }
nav strong { font-size: 1.15rem } nav small { color: var(--soft) }
nav input { width: 100%; margin: .9rem 0 .6rem; padding: .4rem .6rem; font: inherit; color: inherit;
  background: var(--ground); border: 1px solid var(--line); border-radius: 6px }
nav ul { list-style: none; margin: 0; padding: 0 }
nav li a { display: block; padding: .22rem .6rem; color: inherit; text-decoration: none; border-radius: 6px }
nav li a:hover { background: var(--line) }
nav li a[aria-current] { background: var(--accent); color: var(--ground) }
main { padding: 1.75rem 2.5rem 5rem; max-width: 66rem }
main:focus { outline: none }
h1 { font-size: 1.55rem; margin: 0 0 .25rem } h2 { font-size: .95rem; margin: 1.4rem 0 .4rem }
.lead { color: var(--soft); margin: 0 0 1.4rem }
.op { border: 1px solid var(--line); border-radius: 8px; margin: .6rem 0 }
.op > summary { padding: .6rem .9rem; cursor: pointer; display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap }
.op > summary::before { content: '+'; color: var(--soft); width: .7rem } .op[open] > summary::before { content: '\\2212' }
.op > summary .note { margin-left: auto }
.op > div { padding: 0 1.1rem 1.1rem; border-top: 1px solid var(--line) }
.verb { font: 600 12px ui-monospace, Consolas, monospace; width: 3.6rem }
.verb.get { color: var(--get) } .verb.post { color: var(--post) }
.verb.patch { color: var(--patch) } .verb.delete { color: var(--delete) }
.note { color: var(--soft) }
.role { font-size: 12px; color: var(--soft); border: 1px solid var(--line); border-radius: 999px; padding: 0 .5rem }
.role + .role { margin-left: -.5rem }
table { border-collapse: collapse; width: 100%; font-size: 14px }
td { padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
td:first-child { width: 15rem; white-space: nowrap } td:nth-child(2) { width: 13rem; color: var(--soft) }
tr:first-child > td, td.wide { border-top: 0 } td.wide { padding: 0 0 .3rem 1rem; white-space: normal }
.must::after { content: ' *'; color: var(--delete) }
.inner { margin: .2rem 0 } .inner summary { cursor: pointer; color: var(--accent) }
.inner > div { border-left: 2px solid var(--line); padding-left: .9rem; margin-top: .2rem }
pre { background: var(--panel); padding: .8rem 1rem; border-radius: 6px; overflow-x: auto; margin: .4rem 0 }
@media (max-width: 46rem) { body { grid-template-columns: 1fr } nav { position: static; height: auto; border-right: 0 }
  nav ul { display: flex; flex-wrap: wrap } main { padding: 1.25rem 1rem 4rem }
  td { display: block; width: auto !important; padding: .1rem 0; border: 0 } td:first-child { padding-top: .5rem } }
`
