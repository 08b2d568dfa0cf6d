import type { Team } from './state';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const style = `
:root{color-scheme:light dark;font-family:system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f5f2f7,#1a161d)}
main{box-sizing:border-box;width:min(30rem,100vw);padding:2rem;border-radius:.75rem;
background:light-dark(#fff,#241f28);box-shadow:0 1px 3px #0003}
h1{font-size:1.35rem;margin:0 0 .25rem}p,ul{margin:.25rem 0 1rem;opacity:.8}li{font-size:.92rem}
button{font:inherit;width:100%;text-align:left;padding:.7rem 1rem;margin:0 0 .5rem;cursor:pointer;
border:1px solid #8884;border-radius:.5rem;background:transparent;color:inherit}
button:hover,button:focus-visible{background:#611f6922}
button b,button span{display:block}button span{font-size:.85rem;opacity:.75}
button[name=deny]{text-align:center;border-color:transparent}
small{display:block;margin-top:1rem;opacity:.75}`;

function document(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title><style>${style}</style></head><body><main>${body}
<small>A stand-in for Slack’s page, served on this machine. No real workspace is involved.</small>
</main></body></html>`;
}

export interface ConsentQuestion {
  readonly appName: string;
  readonly teams: readonly Team[];
  readonly scopes: readonly string[];
  /** Sent back with the answer as they came. */
  readonly request: ReadonlyMap<string, string>;
}

/** Which workspace: one form that works without a script. Slack grants all that is asked, or nothing. */
export function consentPage({ appName, teams, scopes, request }: ConsentQuestion): string {
  const hidden = [...request].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const workspaces = teams.map(
    ({ id, name, domain }) =>
      `<button name="team" value="${escaped(id)}"><b>Allow in ${escaped(name)}</b>` +
      `<span>${escaped(domain)}.slack.com</span></button>`,
  );
  return document(
    'Add to Slack',
    `<h1>${escaped(appName)} is requesting permission</h1><p>to access a workspace, where it may</p>
<ul>${scopes.map((scope) => `<li>${escaped(scope)}</li>`).join('')}</ul>
<form method="post" action="/oauth/v2/authorize/callback">${hidden.join('')}${workspaces.join('')}
<button name="deny" value="1">Cancel</button></form>`,
  );
}

export function wrongRequestPage(code: string): string {
  return document(
    'Something went wrong',
    `<h1>Something went wrong when authorizing this app</h1><p>Error details: ${escaped(code)}</p>`,
  );
}
