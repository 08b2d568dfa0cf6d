import { builtActions } from '../actions';
import type { TestServer } from '../server';
import { type Answer, ask, type Question } from './ask';
import { sessionCookie, supportCookie } from './token';

export const ranks = ['viewer', 'member', 'admin', 'owner'] as const;
export type Rank = (typeof ranks)[number];
export type CallerName = Rank | 'support' | 'platform_admin' | 'outsider' | 'nobody';

export interface CallerFacts {
  readonly name: CallerName;
  readonly userId: string | null;
  readonly email: string;
  /** A session of theirs, or none. */
  readonly session: string | null;
  /** The claim of a support session that staff are in. */
  readonly support?: string;
}

/** How many answers were read, and whether one held what it must not. */
export interface Watch {
  readonly forbidden: string;
  answers: number;
  bytes: number;
  readonly leaks: string[];
}

/** Somebody who asks the product over HTTP. Every answer is searched for what is not theirs. */
export class Caller {
  readonly facts: CallerFacts;
  readonly #server: TestServer;
  readonly #watch: Watch | undefined;

  constructor(server: TestServer, facts: CallerFacts, watch?: Watch) {
    this.#server = server;
    this.facts = facts;
    this.#watch = watch;
  }

  get name(): CallerName {
    return this.facts.name;
  }

  async ask(path: string, question: Question = {}): Promise<Answer> {
    const { session, support } = this.facts;
    const beside = support === undefined ? '' : `; ${supportCookie}=${support}`;
    const headers = {
      ...(session && { cookie: `${sessionCookie}=${session}${beside}` }),
      ...question.headers,
    };
    const answer = await ask(this.#server, path, { ...question, headers });
    const watch = this.#watch;
    if (watch) {
      watch.answers += 1;
      watch.bytes += answer.body.length;
      const all = `${answer.body}\n${Object.values(answer.headers).join('\n')}`;
      const at = all.indexOf(watch.forbidden);
      if (at >= 0) {
        watch.leaks.push(
          `${this.name} ${question.method ?? 'GET'} ${path}: …${all.slice(Math.max(0, at - 60), at + 120)}…`,
        );
      }
    }
    return answer;
  }

  /** Call a server action past its page. */
  act(name: string, input: unknown, headers: Readonly<Record<string, string>> = {}) {
    return this.actAt(undefined, name, [input === undefined ? '$undefined' : input], headers);
  }

  /** The same at another page than its own, or with other arguments than one. */
  actAt(
    page: string | undefined,
    name: string,
    sent: readonly unknown[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    const action = builtActions().find((each) => each.name === name);
    if (!action) throw new Error(`The build has no action ${name}.`);
    const own = action.page.replaceAll(/\[[^\]]+\]/g, '00000000-0000-7000-8000-000000000000');
    return this.ask(page ?? own, {
      method: 'POST',
      headers: {
        accept: 'text/x-component',
        'content-type': 'text/plain;charset=UTF-8',
        'next-action': action.id,
        ...headers,
      },
      body: JSON.stringify(sent),
    });
  }
}

/** What an action answered: `ok`, the code of its refusal, where it led, or its status. */
export function outcomeOf(answer: Answer): string {
  const row = /^1:(\{.*\})$/m.exec(answer.body)?.[1];
  if (row) {
    const result = JSON.parse(row) as { ok: boolean; error?: { code: string } };
    return result.ok ? 'ok' : (result.error?.code ?? 'refused');
  }
  const to = answer.headers['x-action-redirect']?.split(';')[0];
  return to === undefined ? `status ${answer.status}` : `to ${to}`;
}
