import type { DoctorCheck } from './contract';
import { placed } from './finding';

/** What is wrong with a content security policy as it was sent, if anything. */
export function policyFault(policy: string | null): string | undefined {
  if (!policy) return 'The answer carries no Content-Security-Policy.';
  const directives = new Map(
    policy.split(';').map((part) => {
      const [name = '', ...values] = part.trim().split(/\s+/);
      return [name, values] as const;
    }),
  );
  const scripts = directives.get('script-src') ?? directives.get('default-src') ?? [];
  if (!scripts.some((source) => source.startsWith("'nonce-"))) return 'Scripts need no nonce.';
  const loose = scripts.find((source) => /unsafe-(?:inline|eval)/.test(source));
  if (loose) return `Scripts may be ${loose}.`;
  if (directives.get('object-src')?.join() !== "'none'") return 'Plug-ins are not forbidden.';
  if (!directives.has('frame-ancestors')) return 'Others may frame the pages.';
  return undefined;
}

/** Milliseconds: a first page after a start may be compiled first. */
const patience = 10_000;

async function askPolicy(url: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(patience);
    const response = await fetch(url, { redirect: 'manual', signal });
    return policyFault(response.headers.get('content-security-policy'));
  } catch (error) {
    return `It does not answer: ${(error as Error).message}.`;
  }
}

/**
 * The policy as the running product sends it.
 * @param url address of the running product
 */
export async function checkPolicyServed(url: string): Promise<DoctorCheck> {
  const problem = await askPolicy(url);
  const remedy =
    "Set a Content-Security-Policy in proxy.ts, with a fresh nonce and 'strict-dynamic' for scripts.";
  return placed('configuration', 'process', {
    check: 'The policy is on what is served',
    looked: url,
    findings: problem ? [{ where: url, problem, remedy, severity: 'warning' }] : [],
  });
}
