import type { CallExpression, Expression, Program } from 'oxc-parser';
import { type DoctorCheck, type Finding, placed } from '@/lib/doctor';
import { isTest, type SourceFile } from './source';

type Form = 'page' | 'route' | 'action';

/** The only ways to declare an endpoint, and what each must be told of who may use it. */
const wrappers: Readonly<Record<Form, Readonly<Record<string, 'permission' | 'role' | null>>>> = {
  page: { tenantPage: 'permission', staffPage: 'role', publicPage: null },
  route: { tenantRoute: 'permission', staffRoute: 'role', publicRoute: null },
  action: { tenantAction: 'permission', staffAction: 'role', publicAction: null },
};
const door = '@/lib/access';

/** Handlers that a library brings and that check their callers themselves. */
const exceptions: Readonly<Record<string, string>> = {
  'app/api/auth/[...nextauth]/route.ts': 'next-auth: state, PKCE and its own CSRF token',
  'app/api/inngest/route.ts': 'inngest: signed requests',
};

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A top-level name's value, or `default`'s; undefined for what is no expression. */
function topLevelValues(program: Program): Map<string, Expression> {
  const values = new Map<string, Expression>();
  for (const statement of program.body) {
    const declaration =
      statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) {
        if (id.type === 'Identifier' && init) values.set(id.name, init);
      }
    }
    if (statement.type === 'ExportDefaultDeclaration') {
      values.set('default', statement.declaration as Expression);
    }
  }
  return values;
}

/** Local names of the wrappers as imported from the door: `localName → name at the door`. */
function importedWrappers(file: SourceFile): Map<string, string> {
  const names = file.module.staticImports
    .filter(({ moduleRequest }) => moduleRequest.value === door)
    .flatMap(({ entries }) => entries)
    .flatMap(({ localName, importName }) =>
      importName.name ? ([[localName.value, importName.name]] as const) : [],
    );
  return new Map(names);
}

function hasOption(call: CallExpression, option: string): boolean {
  const [first] = call.arguments;
  return (
    first?.type === 'ObjectExpression' &&
    first.properties.some(
      (property) =>
        property.type === 'Property' &&
        property.key.type === 'Identifier' &&
        property.key.name === option,
    )
  );
}

/** What is wrong with an export as an endpoint of this form, if anything. */
function fault(file: SourceFile, name: string, form: Form): string | undefined {
  const values = topLevelValues(file.program);
  let value = values.get(name);
  if (value?.type === 'Identifier') value = values.get(value.name);
  if (value?.type !== 'CallExpression' || value.callee.type !== 'Identifier') {
    return 'is not declared by a wrapper';
  }
  const wrapper = importedWrappers(file).get(value.callee.name);
  const option = wrapper === undefined ? undefined : wrappers[form][wrapper];
  if (option === undefined) return `is not declared by a ${form}'s wrapper from ${door}`;
  if (option !== null && !hasOption(value, option)) return `is declared without its ${option}`;
  return undefined;
}

interface Exported {
  readonly name: string;
  readonly local: string;
  readonly offset: number;
}

/** What a module exports, types left out. A name from elsewhere has no local value. */
function exportsOf(file: SourceFile): Exported[] {
  return file.module.staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ isType }) => !isType)
    .map(({ exportName, localName, moduleRequest, start }) => ({
      name: exportName.kind === 'Default' ? 'default' : (exportName.name ?? '*'),
      local: moduleRequest
        ? ''
        : exportName.kind === 'Default'
          ? 'default'
          : (localName.name ?? exportName.name ?? ''),
      offset: start,
    }));
}

function formOf(file: SourceFile): Form | undefined {
  if (/^app\/(?:.*\/)?page\.[jt]sx?$/.test(file.path)) return 'page';
  if (/^app\/(?:.*\/)?route\.[jt]sx?$/.test(file.path)) return 'route';
  const [first] = file.program.body;
  return first?.type === 'ExpressionStatement' && first.directive === 'use server'
    ? 'action'
    : undefined;
}

function isEndpoint({ name }: Exported, form: Form): boolean {
  if (form === 'page') return name === 'default';
  if (form === 'route') return methods.has(name) || name === '*';
  return true;
}

const remedies: Readonly<Record<Form, string>> = {
  page: 'Export tenantPage({ permission }, …), staffPage({ role }, …) or publicPage({}, …).',
  route: 'Export tenantRoute({ permission }, …), staffRoute({ role }, …) or publicRoute({}, …).',
  action: 'Export tenantAction({ permission, input }, …) or its staff or public form.',
};

function inspect(file: SourceFile, form: Form): { count: number; findings: Finding[] } {
  const endpoints = exportsOf(file).filter((one) => isEndpoint(one, form));
  const findings = endpoints.flatMap(({ name, local, offset }): Finding[] => {
    const problem = local ? fault(file, local, form) : 'is exported from elsewhere';
    if (!problem) return [];
    return [
      {
        where: file.at(offset),
        problem: `The ${form} ${name === 'default' ? file.path : name} ${problem}: anybody could reach it.`,
        remedy: remedies[form],
      },
    ];
  });
  return { count: endpoints.length, findings };
}

/** Actions inside other code cannot be listed, so nothing could walk them. */
function inlineActions(file: SourceFile): Finding[] {
  return [...file.text.matchAll(/^[ \t]+['"]use server['"];?$/gm)].map((match) => ({
    where: file.at(match.index),
    problem: 'A server action is declared inside other code, by no wrapper.',
    remedy: `Move it to a file that starts with 'use server'. ${remedies.action}`,
  }));
}

/** Door 4: every page, route handler and server action is declared by a wrapper. */
export function checkEndpoints(files: readonly SourceFile[]): DoctorCheck {
  const candidates = files.filter(
    ({ path }) => !isTest(path) && /^(?:app|lib|components)\//.test(path),
  );
  const findings: Finding[] = [];
  const counts = { page: 0, route: 0, action: 0 };
  for (const file of candidates) {
    if (file.path in exceptions) continue;
    // Parsing is what takes time: most files can be no endpoint.
    if (!/(?:^|\/)(?:page|route)\.[jt]sx?$/.test(file.path) && !file.text.includes('use server')) {
      continue;
    }
    findings.push(...inlineActions(file));
    const form = formOf(file);
    if (!form) continue;
    const result = inspect(file, form);
    counts[form] += result.count;
    findings.push(...result.findings);
  }
  const looked = `${counts.page} pages, ${counts.route} route handlers, ${counts.action} actions`;
  return placed('endpoints', 'code', {
    check: 'Endpoints are declared by wrappers',
    looked,
    findings,
  });
}
