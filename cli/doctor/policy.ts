import { type DoctorCheck, type Finding, placed } from '@/lib/doctor';
import { isProduct, type SourceFile } from './source';

const remedy =
  "Set a Content-Security-Policy in proxy.ts, with a fresh nonce and 'strict-dynamic' for scripts.";

const finding = (where: string, problem: string): Finding => ({
  where,
  problem,
  remedy,
  severity: 'warning',
});

function faults(files: readonly SourceFile[]): Finding[] {
  const proxy = files.find(({ path }) => path === 'proxy.ts');
  if (!proxy) return [finding('proxy.ts', 'There is no proxy.ts.')];
  if (!/content-security-policy/i.test(proxy.text)) {
    return [finding('proxy.ts', 'It sets no policy.')];
  }
  const policy = files.find(({ path, text }) => isProduct(path) && /\bscript-src\b/.test(text));
  const strict = policy && /'nonce-/.test(policy.text) && /'strict-dynamic'/.test(policy.text);
  if (strict) return [];
  return [
    finding(policy?.path ?? 'proxy.ts', 'Its script-src is not by nonce and strict-dynamic.'),
  ];
}

/** The policy as the code sets it. */
export function checkPolicySource(files: readonly SourceFile[]): DoctorCheck {
  return placed('configuration', 'code', {
    check: 'Pages carry a strict content security policy',
    looked: 'proxy.ts and what it sets',
    findings: faults(files),
  });
}
