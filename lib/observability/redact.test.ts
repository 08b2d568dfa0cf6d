import { describe, expect, it } from 'vitest';
import { describeError, redactText, redactValue } from './redact';

describe('redactText', () => {
  it.each([
    ['Authorization: Bearer abc.def-123', 'abc.def-123'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln was refused', 'eyJhbGciOiJIUzI1NiJ9'],
    ['refresh with 1//0gAbCdEf-ghij', '1//0gAbCdEf'],
    ['access ya29.a0AfH6SMB', 'a0AfH6SMB'],
    ['slack said no to xoxb-1234-abcd', '1234-abcd'],
    ['connect postgres://tenantry_app:hunter2@localhost/x', 'hunter2'],
    ['GET /callback?code=4/0AX4&state=zzz', '4/0AX4'],
    ['GET /callback?code=4/0AX4&state=zzz', 'zzz'],
    ['Failed query: select 1 where a = $1\nparams: s3cret,other', 's3cret'],
    ['no mailbox for olivia@northwind.example', 'olivia@'],
    ['ACTION /invitations/mXq3-8_abcdefghijklmnop', 'mXq3'],
    ['ACTION /reconsent/mXq3-8_abcdefghijklmnop', 'mXq3'],
  ])('takes the secret out of %j', (text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).not.toBe('');
  });

  it('leaves plain words as they are', () => {
    const text = 'run 0199-aa finished in 12 ms: 3 effects, state succeeded, code 23505';
    expect(redactText(text)).toBe(text);
  });

  it('leaves a log line valid JSON', () => {
    const line = JSON.stringify({
      msg: 'x',
      err: 'Failed query\nparams: a,"b"',
      next: 'Bearer zzz"',
    });
    expect(() => JSON.parse(redactText(line))).not.toThrow();
  });

  it.each([
    ['a name that begins with a sign', 'to .+olivia@northwind.example', '.+olivia@'],
    ['a token inside a longer word', 'sid-eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJhbGci'],
    ['a scheme after other letters', 'x1postgres://app:hunter2@localhost/x', 'hunter2'],
  ])('finds %s', (_name, text, secret) => {
    expect(redactText(text)).not.toContain(secret);
  });

  // Whoever can choose a path or a header chooses such a text; a quadratic search takes minutes.
  it.each(['a.', 'a-', 'a+', '-token', '-eyJaaaaaaaa', 'a://a:', 'a@', 'Bearer ', '?x-', '.'])(
    'takes time in proportion to the length of %j repeated',
    (unit) => {
      // Of the processor, since a clock would also measure what else it is at.
      const begun = process.cpuUsage();
      redactText(unit.repeat(60_000 / unit.length));
      expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
    },
    120_000,
  );
});

describe('redactValue', () => {
  it('takes secrets out by their key at any depth', () => {
    const secret = 'do-not-show';
    const redacted = JSON.stringify(
      redactValue({
        a: [{ b: { access_token: secret, refreshToken: secret, Authorization: secret } }],
        headers: { cookie: secret, 'set-cookie': secret, 'x-api-key': secret },
        password: secret,
        client_secret: secret,
        sealedBody: secret,
        body: secret,
      }),
    );
    expect(redacted).not.toContain(secret);
  });

  it('keeps the state of a run and the code of an error, and hides those of a consent', () => {
    expect(redactValue({ state: 'needs_reconsent', code: '23505' })).toEqual({
      state: 'needs_reconsent',
      code: '23505',
    });
    const consent = { state: 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA', code: '4/0AX4XfWh' };
    expect(redactValue(consent)).toEqual({ state: '[redacted]', code: '[redacted]' });
  });

  it('cuts a text that nobody reads to its end', () => {
    const { reason } = redactValue({ reason: 'plain '.repeat(10_000) }) as { reason: string };
    expect(reason.length).toBeLessThan(9_000);
    expect(reason).toContain('more characters');
  });

  it('stops at depth and at cycles', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(redactValue(loop))).toContain('[too deep]');
  });
});

describe('describeError', () => {
  it('keeps what happened and drops the error’s own properties', () => {
    const cause = Object.assign(new Error('Bearer tok123 refused'), { code: 'EAUTH' });
    const error = Object.assign(new Error('outer', { cause }), {
      config: { headers: { authorization: 'tok123' } },
      status: 502,
    });
    const described = describeError(error);
    expect(described).toMatchObject({ message: 'outer', status: 502, cause: { code: 'EAUTH' } });
    expect(JSON.stringify(described)).not.toContain('tok123');
  });
});
