import { describe, expect, it } from 'vitest';
import type { DoctorCheck } from '@/lib/doctor';
import { refusal, verdict } from './doctor';

const check = (...severities: ('danger' | 'warning')[]): DoctorCheck => ({
  check: 'Views ask as their caller',
  area: 'functions',
  source: 'database',
  looked: '2 looked at',
  findings: severities.map((severity, at) => ({
    where: 'database',
    problem: `${severity} ${at}.`,
    remedy: 'Put it right.',
    severity,
  })),
});

describe('what a start says of the doctor', () => {
  it('is one line when nothing was found', () => {
    expect(verdict([check(), check()])).toEqual(['  ✓ Doctor: 2 checks, nothing found']);
  });

  it('names the worst first, with what to do, and where the rest is', () => {
    const said = verdict([check('warning', 'warning', 'warning'), check('danger')]);
    expect(said[0]).toBe('  ! Doctor: 4 findings in 2 checks');
    expect(said[1]).toContain('danger 0.');
    expect(said[2]).toContain('→ Put it right.');
    expect(said.join('\n')).toContain('and 1 more');
    expect(said.at(-1)).toContain('npm run doctor');
  });
});

describe('what keeps a production start from serving', () => {
  it('is a way out for rows, with what to do', () => {
    const why = refusal([check('warning', 'danger')]);
    expect(why).toContain('1 way by which');
    expect(why).toContain('danger 1.');
    expect(why).toContain('Put it right.');
    expect(why).not.toContain('warning 0.');
  });

  const blind: DoctorCheck = {
    ...check(),
    findings: [
      {
        where: 'tenantry_app',
        problem: 'Nothing could be tried.',
        remedy: 'See that it can log in.',
        severity: 'warning',
        unseen: true,
      },
    ],
  };

  it('is what could not be looked at, with what to do, unless that was allowed', () => {
    const why = refusal([check(), blind]);
    expect(why).toContain('could not look at everything');
    expect(why).toContain('See that it can log in.');
    expect(why).toContain('ALLOW_UNEXAMINED');
    expect(refusal([check(), blind], true)).toBeUndefined();
    expect(refusal([check('danger'), blind], true)).toContain('danger 0.');
  });

  it('is no warning', () => {
    expect(refusal([check('warning'), check()])).toBeUndefined();
  });
});
