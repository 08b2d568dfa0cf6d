/** The frame of the pages that stand in for a provider's own: no script, nothing from elsewhere. */

export function escapeHtml(text: string): string {
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
h2{font-size:.85rem;margin:1rem 0 .4rem;opacity:.75;font-weight:600}
ul{margin:0 0 1rem;padding-left:1.2rem;font-size:.92rem}li{padding:.15rem 0}
fieldset{border:1px solid #8884;border-radius:.75rem;padding:.75rem 1rem;margin:0 0 1rem}
legend{font-size:.85rem;padding:0 .4rem;opacity:.75}
label{display:flex;gap:.6rem;padding:.3rem 0;font-size:.92rem}
button{font:inherit;width:100%;text-align:left;padding:.7rem 1rem;margin:0 0 .5rem;cursor:pointer;
border:1px solid #8884;border-radius:.75rem;background:transparent;color:inherit}
button:hover,button:focus-visible{background:#3b82f622}
button b,button span{display:block;overflow-wrap:anywhere}
button span{font-size:.85rem;opacity:.7}
button.quiet,button[name=deny]{text-align:center;border-color:transparent}
small{display:block;margin-top:1rem;opacity:.6}`;

/** A whole page. @param body HTML @param footnote plain text that says what this page is not */
export function standInPage(title: string, body: string, footnote: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}
<small>${escapeHtml(footnote)}</small></main></body></html>`;
}

/** Fields that go back with the answer as they came. */
export function hiddenFields(fields: Iterable<readonly [string, string]>): string {
  return [...fields]
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('');
}

export function htmlResponse(page: string, status = 200): Response {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(page, { status, headers });
}
