import { scopeTitles } from './scopes';
import type { Account } from './state';

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const style = `
:root{color-scheme:light dark;font-family:system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f2f4f8,#15171c)}
main{box-sizing:border-box;width:min(30rem,100vw);padding:2rem;border-radius:1rem;
background:light-dark(#fff,#1f2229);box-shadow:0 1px 3px #0003}
h1{font-size:1.35rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem;opacity:.75}
fieldset{border:1px solid #8884;border-radius:.75rem;padding:.75rem 1rem;margin:0 0 1rem}
legend{font-size:.85rem;padding:0 .4rem;opacity:.75}
label{display:flex;gap:.6rem;padding:.3rem 0;font-size:.92rem}
button{font:inherit;width:100%;text-align:left;padding:.7rem 1rem;margin:0 0 .5rem;cursor:pointer;
border:1px solid #8884;border-radius:.75rem;background:transparent;color:inherit}
button:hover,button:focus-visible{background:#3b82f622}
button b,button span{display:block}button span{font-size:.85rem;opacity:.7}
button[name=deny]{text-align:center;border-color:transparent}
small{display:block;margin-top:1rem;opacity:.6}`;

function document(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}
<small>A stand-in for Google’s page, served on this machine. No real account is involved.</small>
</main></body></html>`;
}

export interface ConsentQuestion {
  readonly clientName: string;
  readonly accounts: readonly Account[];
  readonly scopes: readonly string[];
  /** Sent back with the answer as they came. */
  readonly request: ReadonlyMap<string, string>;
}

/** Scopes that cannot be refused one by one: they say only who somebody is. */
const identityScopes = /^openid$|\/userinfo\./;

/** Which account, and which permissions: one form that works without a script. */
export function consentPage({ clientName, accounts, scopes, request }: ConsentQuestion): string {
  const hidden = [...request]
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('');
  const permissions = scopes
    .filter((scope) => !identityScopes.test(scope))
    .map(
      (scope) =>
        `<label><input type="checkbox" name="granted" value="${escapeHtml(scope)}" checked>` +
        `${escapeHtml(scopeTitles[scope] ?? scope)}</label>`,
    )
    .join('');
  const identity = scopes
    .filter((scope) => identityScopes.test(scope))
    .map((scope) => `<input type="hidden" name="granted" value="${escapeHtml(scope)}">`)
    .join('');
  const people = accounts
    .map(
      ({ email, name }) =>
        `<button name="email" value="${escapeHtml(email)}"><b>${escapeHtml(name)}</b>` +
        `<span>${escapeHtml(email)}</span></button>`,
    )
    .join('');
  const wants = permissions
    ? `<fieldset><legend>${escapeHtml(clientName)} wants to</legend>${permissions}</fieldset>`
    : '';
  return document(
    'Sign in with Google',
    `<h1>Choose an account</h1><p>to continue to ${escapeHtml(clientName)}</p>
<form method="post" action="/o/oauth2/v2/auth/callback">${hidden}${identity}${wants}${people}
<button name="deny" value="1">Cancel</button></form>`,
  );
}

export function authorizationErrorPage(code: string, explanation: string): string {
  return document(
    'Error 400',
    `<h1>Access blocked</h1><p>${escapeHtml(explanation)}</p><p>Error 400: ${escapeHtml(code)}</p>`,
  );
}
