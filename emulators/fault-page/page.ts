import type { Controlled } from '../control';
import { escapeHtml, hiddenFields } from '../page';
import type { LoggedRequest } from '../request-log';
import type { AccountAction, AccountView, FaultPreset, ServiceName } from '../service';
import { script, style } from './style';

/** How many of the latest requests are shown. */
const shownRequests = 40;

const form = (fields: Readonly<Record<string, string>>, inside: string) =>
  `<form method="post" action="/__do">${hiddenFields(Object.entries(fields))}${inside}</form>`;

function presetButton(name: string, { label, explanation }: FaultPreset): string {
  return (
    `<button class="preset" name="preset" value="${escapeHtml(name)}">` +
    `<b>${escapeHtml(label)}</b><span>${escapeHtml(explanation)}</span></button>`
  );
}

/** Everybody who may be meant, those who let us in first. */
function targets(accounts: readonly AccountView[]): string {
  const inOrder = [...accounts].sort((a, b) => b.granted.length - a.granted.length);
  const options = inOrder.map(
    ({ account, name }) =>
      `<option value="${escapeHtml(account)}">${escapeHtml(`${name} (${account})`)}</option>`,
  );
  return `<option value="">everybody</option>${options.join('')}`;
}

function presets({ definition, service }: Controlled): string {
  const buttons = Object.entries(definition.presets).map(([name, one]) => presetButton(name, one));
  return `<section><h2>Let its answers go wrong</h2>
<p>A fault lasts until you clear it, or strikes as often as you say. Then look at the connection in
the product.</p>
<form method="post" action="/__do"><div class="row">
<label>For<select name="account">${targets(service.accounts())}</select></label>
<label>How often<select name="times"><option value="">until cleared</option><option value="1">once</option>
<option value="3">three times</option></select></label></div>
<div class="grid">${buttons.join('\n')}</div></form></section>`;
}

function armed({ definition, faults }: Controlled): string {
  const rows = faults.list().map(({ name, fired, fault }) => {
    const label = (name !== null && definition.presets[name]?.label) || 'A fault set by a test';
    const whom = fault.account ?? 'everybody';
    const times = fault.times === undefined ? '' : ` of ${fault.times}`;
    return `<li class="fault"><b>${escapeHtml(label)}</b><span>for ${escapeHtml(whom)}</span>
<span>Strikes: ${fired}${times}</span></li>`;
  });
  const none = '<p>Everything answers as it should.</p>';
  const clear = form({ clear: 'faults' }, '<button>Clear all faults</button>');
  return `<section id="faults" aria-live="polite"><h2>Going wrong now</h2>
${rows.length > 0 ? `<ul>${rows.join('')}</ul>${clear}` : none}</section>`;
}

function actionButton(
  account: AccountView,
  name: string,
  { label, perPermission = false }: AccountAction,
): string {
  const fields = { action: name, account: account.account };
  if (!perPermission) return form(fields, `<button class="bad">${escapeHtml(label)}</button>`);
  const options = account.granted.map(
    (one) => `<option value="${escapeHtml(one)}">${escapeHtml(one)}</option>`,
  );
  return form(
    fields,
    `<select name="permission" aria-label="${escapeHtml(label)}">${options.join('')}</select>
<button class="bad">${escapeHtml(label)}</button>`,
  );
}

/** What people need to connect it, before anybody has let us in. */
function downloadLink({ name, download }: AccountView): string {
  if (!download) return '';
  const label = `${download.label}: ${name}`;
  return `<a href="${escapeHtml(download.path)}" download>${escapeHtml(label)}</a>`;
}

function accountBlock(
  account: AccountView,
  actions: Readonly<Record<string, AccountAction>>,
): string {
  const { granted } = account;
  const codes = granted.map((one) => `<code>${escapeHtml(one)}</code>`).join('');
  const buttons = Object.entries(actions)
    .filter(([name]) => account.actions?.includes(name) ?? true)
    .map(([name, one]) => actionButton(account, name, one));
  return `<div class="account"><h3>${escapeHtml(account.name)}</h3>
<small>${escapeHtml(`${account.account}, ${account.group}`)}</small>
<details><summary>${granted.length} permissions granted</summary>${codes}</details>
${downloadLink(account)}
<div class="actions">${buttons.join('')}</div></div>`;
}

function accountsSection({ definition, service }: Controlled): string {
  const all = service.accounts();
  // What can be set up from here stays in sight, so that what was taken away can be given back.
  const isShown = ({ granted, download }: AccountView) => granted.length > 0 || download;
  const connected = all.filter(isShown);
  const others = all.filter((one) => !isShown(one));
  const blocks = connected.map((one) => accountBlock(one, definition.actions));
  const rows = others.map(({ name, account }) => `<li>${escapeHtml(`${name} (${account})`)}</li>`);
  return `<section id="accounts"><h2>Who let Tenantry in</h2>
${blocks.join('') || '<p>Nobody yet. Connect an account in the product, and it appears here.</p>'}
${rows.length > 0 ? `<details><summary>${others.length} without a consent</summary><ul>${rows.join('')}</ul></details>` : ''}
</section>`;
}

function requestRow({ at, method, path, account, status, duration, faulted }: LoggedRequest) {
  const answer = status === 0 ? 'cut' : String(status);
  return `<tr${faulted ? ' class="faulted"' : ''}><td class="number">${at.slice(11, 19)}</td>
<td class="number">${answer}${faulted ? ' (fault)' : ''}</td><td class="path">${escapeHtml(`${method} ${path}`)}</td>
<td class="path">${escapeHtml(account ?? '')}</td><td class="number">${duration} ms</td></tr>`;
}

function requests({ log }: Controlled): string {
  const latest = log.list().slice(-shownRequests).reverse();
  const table = `<div class="wide"><table><thead><tr><th>At (UTC)</th><th>Answer</th><th>Request</th>
<th>For</th><th>Took</th></tr></thead><tbody>${latest.map(requestRow).join('')}</tbody></table></div>`;
  return `<section id="requests"><h2>Latest requests</h2>
${latest.length > 0 ? table : '<p>None yet.</p>'}</section>`;
}

function navigation(current: ServiceName, siblings: readonly Sibling[]): string {
  const links = siblings.map(({ name, title, url }) =>
    name === current
      ? `<a aria-current="page" href="/__">${escapeHtml(title)}</a>`
      : `<a href="${escapeHtml(url)}/__">${escapeHtml(title)}</a>`,
  );
  return `<nav aria-label="Providers">${links.join('')}</nav>`;
}

/** An emulator of the same process. */
export interface Sibling {
  readonly name: ServiceName;
  readonly title: string;
  readonly url: string;
}

/** The page on which a person breaks the emulated provider and watches. */
export function faultPage(controlled: Controlled, siblings: readonly Sibling[]): string {
  const { definition } = controlled;
  const title = `Break ${definition.title}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body>
<header>${navigation(definition.name, siblings)}<h1>${escapeHtml(title)}</h1>
<p>The stand-in for ${escapeHtml(definition.title)} on this machine. Nothing here reaches a real
provider.</p></header><main>
${armed(controlled)}${presets(controlled)}${accountsSection(controlled)}${requests(controlled)}
</main><script>${script}</script></body></html>`;
}
