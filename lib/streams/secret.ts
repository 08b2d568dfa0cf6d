import type { AuditStreamId, TenantContext, TenantTransaction } from '@/db';
import type { auditStreams } from '@/db/schema';
import { open, seal } from '@/lib/vault';
import { streamSettings } from './contract';
import { DeliveryError } from './errors';
import type { Target } from './send';

type Stored = typeof auditStreams.$inferSelect;

const binding = (id: AuditStreamId, generation: number) =>
  ({ kind: 'stream', subjectId: id, generation }) as const;

/** Seal what lets us in; nothing stays empty. */
export async function sealSecret(
  tx: TenantTransaction,
  context: TenantContext,
  id: AuditStreamId,
  generation: number,
  secret: string,
): Promise<string> {
  return secret === '' ? '' : seal(tx, context, binding(id, generation), secret);
}

/**
 * Where a stream leads, opened.
 * @throws DeliveryError when its settings cannot be read; VaultError
 */
export async function targetOf(
  tx: TenantTransaction,
  context: TenantContext,
  row: Stored,
): Promise<Target> {
  const settings = streamSettings.safeParse(row.settings);
  if (!settings.success) throw new DeliveryError('Its settings cannot be read. Set it up again.');
  const { id, secretGeneration, sealedSecret } = row;
  const secret =
    sealedSecret === '' ? '' : await open(tx, context, binding(id, secretGeneration), sealedSecret);
  return { settings: settings.data, secret };
}
