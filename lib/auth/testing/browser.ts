import { NextRequest } from 'next/server';
import { handleAuth } from '../handle';
import { openToken, type SessionToken } from '../token';

interface Sent {
  readonly type: string;
  readonly body: string;
}

/** A browser before `/api/auth`: it keeps cookies, and nothing else. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async #ask(path: string, sent?: Sent): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { type = '', body = '' } = sent ?? {};
    const request = new NextRequest(new URL(path, this.#origin), {
      ...(sent ? { method: 'POST', body } : {}),
      headers: {
        cookie,
        'x-forwarded-for': '203.0.113.7',
        ...(sent ? { 'content-type': type, 'content-length': `${Buffer.byteLength(body)}` } : {}),
      },
    });
    const response = await handleAuth(request);
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, decodeURIComponent(value));
    }
    return response;
  }

  get(path: string): Promise<Response> {
    return this.#ask(path);
  }

  post(path: string, form: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams(form).toString();
    return this.#ask(path, { type: 'application/x-www-form-urlencoded', body });
  }

  async csrfToken(): Promise<string> {
    return (await (await this.get('/api/auth/csrf')).json()).csrfToken;
  }

  async signIn(email: string, password: string): Promise<Response> {
    const form = { email, password, csrfToken: await this.csrfToken() };
    return this.post('/api/auth/callback/credentials', form);
  }

  /** What `session.update(data)` sends. */
  async update(data: unknown): Promise<void> {
    const body = JSON.stringify({ csrfToken: await this.csrfToken(), data });
    await this.#ask('/api/auth/session', { type: 'application/json', body });
  }

  async signOut(): Promise<void> {
    await this.post('/api/auth/signout', { csrfToken: await this.csrfToken() });
  }

  /** @returns the provider's address that the browser is sent to */
  async startWith(provider: string): Promise<string> {
    const form = { csrfToken: await this.csrfToken(), callbackUrl: '/overview' };
    const response = await this.post(`/api/auth/signin/${provider}`, form);
    return response.headers.get('location') ?? '';
  }

  token(): Promise<SessionToken | null> {
    return openToken(this.cookies.get('tenantry.session'));
  }
}
