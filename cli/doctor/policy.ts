import type { CheckResult, Finding } from './finding';
import { isProduct, type SourceFile } from './source';

const remedy =
  "Set a Content-Security-Policy in proxy.ts, with a fresh nonce and 'strict-dynamic' for scripts.";
const check = 'Pages carry a strict content security policy';

const finding = (where: string, problem: string): Finding => ({
  where,
  problem,
  remedy,
});

/** The policy as the code sets it. */
export function checkPolicySource(files: readonly SourceFile[]): CheckResult {
  const proxy = files.find(({ path }) => path === 'proxy.ts');
  const looked = 'proxy.ts and what it sets';
  if (!proxy) return { check, looked, findings: [finding('proxy.ts', 'There is no proxy.ts.')] };
  if (!/content-security-policy/i.test(proxy.text)) {
    return { check, looked, findings: [finding('proxy.ts', 'It sets no policy.')] };
  }
  const policy = files.find(({ path, text }) => isProduct(path) && /\bscript-src\b/.test(text));
  const strict = policy && /'nonce-/.test(policy.text) && /'strict-dynamic'/.test(policy.text);
  return {
    check,
    looked,
    findings: strict
      ? []
      : [finding(policy?.path ?? 'proxy.ts', 'Its script-src is not by nonce and strict-dynamic.')],
  };
}

/** What is wrong with a policy as it was sent, if anything. */
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

/**
 * The policy as the running product sends it.
 * @param url address of the running product
 */
export async function checkPolicyServed(url: string): Promise<CheckResult> {
  const problem = await askPolicy(url);
  return {
    check: 'The policy is on what is served',
    looked: url,
    findings: problem ? [finding(url, problem)] : [],
  };
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
