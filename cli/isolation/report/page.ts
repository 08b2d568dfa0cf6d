import type { AttackClass, EndpointRow, IsolationReport, MatrixRow } from './shape';
import { style } from './style';

/** The report as one page that needs nothing beside itself. */

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const count = (number: number): string => number.toLocaleString('en');

const held = (one: { readonly cases: number; readonly held: number }): string =>
  `<td class="number">${count(one.cases)}</td><td class="number${one.held === one.cases ? '' : ' bad'}">${count(one.held)}</td>`;

const items = (texts: readonly string[]): string =>
  texts.length === 0 ? '' : `<ul>${texts.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`;

/** A table that may be wider than the page, which then scrolls by itself. */
function table(caption: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${escaped(text)}</th>`).join('');
  return `<div class="wide"><table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

const row = (head: string, ...cells: readonly string[]): string =>
  `<tr><th scope="row">${escaped(head)}</th>${cells.join('')}</tr>`;

function classesTable(classes: readonly AttackClass[]): string {
  const rows = classes.map((one) =>
    row(one.name, `<td>${items(one.tried)}</td>`, `<td>${items(one.told)}</td>`, held(one)),
  );
  const heads = ['Attack', 'What was tried', 'What is told all the same', 'Cases', 'Held'];
  return table('Each class of attack by name.', heads, rows);
}

const codes: Readonly<Record<string, string>> = { '42501': 'refused', TC001: 'forged' };
const contexts = ['none', 'own', 'foreign', 'forged'];
const operations = ['select', 'insert', 'update', 'delete'];

/** What the tenants' role was answered, context by context. */
function outcomes(matrixRow: MatrixRow | undefined): string {
  const words = contexts.map((context) => {
    const outcome = matrixRow?.outcomes[context] ?? '';
    return codes[outcome] ?? (outcome === '0 rows' ? '0' : outcome.replace(/ rows?$/, ''));
  });
  return `<td class="outcomes">${escaped(words.join(' · '))}</td>`;
}

function matrixTable(matrix: readonly MatrixRow[]): string {
  const names = [...new Set(matrix.map((one) => one.table))].filter(
    (name) => name.split('.').length === 2,
  );
  const rows = names.map((name) => {
    const all = matrix.filter((one) => one.table === name || one.table.startsWith(`${name}.`));
    const cells = operations.map((operation) =>
      outcomes(
        all.find((one) => one.table === name && one.role === 'app' && one.operation === operation),
      ),
    );
    const sum = (part: 'cases' | 'held') => all.reduce((total, one) => total + one[part], 0);
    return row(name, ...cells, held({ cases: sum('cases'), held: sum('held') }));
  });
  return table(
    'Answers to the tenants’ role, in the order: without a context · with one’s own · for another’s rows · with a forged one. A number is of rows; “refused” is a missing right or a policy (42501), “forged” a context that was noticed (TC001). Cases count all roles, the columns that are not granted, and every way to the database.',
    ['Table', 'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'Cases', 'Held'],
    rows,
  );
}

function endpointsTable(endpoints: readonly EndpointRow[]): string {
  const kinds = [...new Set(endpoints.flatMap(({ cases }) => Object.keys(cases)))].sort();
  const rows = endpoints.map(({ endpoint, cases, held: good }) => {
    const all = Object.values(cases).reduce((sum, each) => sum + each, 0);
    const cells = kinds.map((kind) => `<td class="number">${count(cases[kind] ?? 0)}</td>`);
    return row(endpoint, ...cells, held({ cases: all, held: good }));
  });
  return table(
    'Requests sent to each endpoint, by kind.',
    ['Endpoint', ...kinds, 'Cases', 'Held'],
    rows,
  );
}

const places = {
  own: 'a database made for this run',
  server: 'a database made for this run, on a server that was there',
  given: 'a database that was there',
} as const;

function facts({ where, startedAt, finishedAt, version, commit }: IsolationReport): string {
  const minutes = (Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000;
  const ways: Readonly<Record<string, string>> = {
    direct: 'each role’s own login',
    pooler: 'behind a transaction pooler',
    'SET ROLE': 'the owner’s login in each role’s place, all of it rolled back',
  };
  const list: readonly (readonly [string, string])[] = [
    ['Run', `${startedAt.replace('T', ' ').slice(0, 16)} UTC, ${minutes.toFixed(1)} minutes`],
    ['Version', commit ? `${version}, commit ${commit}` : version],
    [
      'Where',
      `${places[where.database]}${where.readOnly ? ', read only' : ''}; PostgreSQL ${where.postgres}, Node ${where.node}`,
    ],
    ['By', where.ways.map((way) => ways[way] ?? way).join('; ')],
  ];
  return `<dl>${list.map(([name, text]) => `<dt>${escaped(name)}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>`;
}

function failuresPart({ failures }: IsolationReport): string {
  if (failures.length === 0) return '';
  const parts = failures.map(
    ({ test, class: name, message }) =>
      `<h3>${escaped(test)}</h3><p class="soft">${escaped(name)}</p><pre>${escaped(message)}</pre>`,
  );
  return `<h2>What did not hold</h2>${parts.join('')}`;
}

const section = (title: string, body: string): string => `<h2>${escaped(title)}</h2>${body}`;

/** The whole page. */
export function pageOf(report: IsolationReport): string {
  const { passed, failed, classes, matrix, endpoints } = report;
  const cases = classes.reduce((sum, one) => sum + one.cases, 0);
  const result =
    failed === 0
      ? `<p class="result good">All ${count(passed)} tests passed: ${count(cases)} cases in ${count(classes.length)} classes of attack, and nothing of another tenant came out.</p>`
      : `<p class="result bad">${count(failed)} of ${count(passed + failed)} tests failed.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tenantry: isolation report</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Isolation report</h1>
<p class="soft">What was tried to get from one tenant to another, and what held. Made by <code>npm run isolation</code>.</p>
${result}
${facts(report)}
${failuresPart(report)}
${section('Classes of attack', classesTable(classes))}
${endpoints.length > 0 ? section('Endpoints', endpointsTable(endpoints)) : ''}
${matrix.length > 0 ? section('Tables', matrixTable(matrix)) : ''}
</main>
</body>
</html>
`;
}
