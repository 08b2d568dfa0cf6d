import { createHash } from 'node:crypto';
import {
  type AlertId,
  type AppFaultId,
  alerting,
  appFaults,
  eq,
  type MailId,
  type UserId,
  withIdentity,
} from '@/db';
import { staff, users } from '@/db/schema';
import { env } from '@/lib/env';
import { handOver } from '@/lib/mail';
import { logger } from '@/lib/observability';
import { providerNames } from '@/lib/providers';
import { ruleWords } from './contract';

/** Alerts that one mail names; of more it says how many. */
const named = 20;

/** Milliseconds between two mails at least: what comes up in between is told together. */
const pause = 20_000;

/** Milliseconds until staff may be written to again. */
export async function pauseLeft(): Promise<number> {
  const since = await alerting.sinceLastMail();
  return since === null ? 0 : Math.max(0, Math.ceil(pause - since));
}

/**
 * One mail for the same subject and reader, however often it is tried: receivers see a repetition.
 * The whole of the subject's id counts: ids made in the same millisecond, as a fault's and its
 * alert's are, begin alike.
 * @param at milliseconds since the epoch, by which mails sort
 */
function mailId(about: AlertId | AppFaultId, reader: UserId, at: number): MailId {
  const time = at.toString(16).padStart(12, '0');
  const rest = createHash('sha256').update(`${about} ${reader}`).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}` as MailId;
}

/** When an id was made, in milliseconds since the epoch: what a UUID of version 7 begins with. */
const madeAt = (id: AlertId): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

/**
 * What somebody chose to be called, as a mail may hold it: in quotes, on one line, 80 characters at
 * most, and nothing that a reader's program would make a link of.
 */
function quoted(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .replace(/["<>[\]()\\]/g, '')
    .replace(/[:/]+/g, ' ')
    .replace(/\.(?=\S)/g, '. ')
    .trim();
  return `"${Array.from(plain).slice(0, 80).join('')}"`;
}

function whoOf({ actorName, actorEmail, subjects }: alerting.AlertNotice): string {
  if (subjects > 0) return `${subjects} more of this kind, beyond those that stand open`;
  if (!actorName) return 'No person';
  return actorEmail ? `${quoted(actorName)} ${quoted(actorEmail)}` : quoted(actorName);
}

function faultOf({ provider, code, firstSeenAt }: alerting.AlertNotice): string {
  const name = provider ? providerNames[provider] : 'A provider';
  return `${name}, since ${firstSeenAt.toISOString()}; it says ${quoted(code ?? 'nothing')}`;
}

function lineOf(alert: alerting.AlertNotice): string {
  if (alert.rule === 'provider_app_fault') {
    return [
      ruleWords[alert.rule].title,
      `  ${ruleWords[alert.rule].meaning}`,
      `  ${faultOf(alert)}`,
      `  ${ruleWords[alert.rule].advice}`,
      `  ${env.APP_URL}/admin/alerts/${alert.id}`,
    ].join('\n');
  }
  const where = alert.tenants === 1 ? 'one tenant' : `${alert.tenants} tenants`;
  const place = alert.subjects > 0 ? '' : ` in ${where},`;
  return [
    ruleWords[alert.rule].title,
    `  ${ruleWords[alert.rule].meaning}`,
    `  ${whoOf(alert)},${place} since ${alert.firstSeenAt.toISOString()}; ${alert.denials} so far`,
    `  ${env.APP_URL}/admin/alerts/${alert.id}`,
  ].join('\n');
}

function textOf(alerts: readonly alerting.AlertNotice[]): string {
  const more = alerts.length - named;
  return [
    'Something has come up that you should look at.',
    ...alerts.slice(0, named).map(lineOf),
    ...(more > 0 ? [`And ${more} more: ${env.APP_URL}/admin/alerts?state=open`] : []),
    'You get this because you are staff. An alert stays open until somebody acknowledges it.',
  ].join('\n\n');
}

interface Reader {
  readonly userId: UserId;
  readonly email: string;
}

/** Tell that a provider takes our client again. */
async function tellOfEnd(reader: Reader, fault: appFaults.EndedFault): Promise<number> {
  const name = providerNames[fault.provider];
  await handOver({
    id: mailId(fault.id, reader.userId, fault.clearedAt.getTime()),
    to: reader.email,
    subject: `[Tenantry] ${name} accepts our client again`,
    text: [
      `${name} refused our own client (${quoted(fault.code ?? 'no code')}) from ${fault.since.toISOString()} on.`,
      `Since ${fault.clearedAt.toISOString()} it accepts it again. Jobs that waited go on by themselves.`,
    ].join('\n\n'),
  });
  return 1;
}

async function tellOne(reader: Reader): Promise<number> {
  const alerts = await alerting.unsentAlerts(reader.userId);
  const latest = alerts.at(-1);
  if (!latest) return 0;
  const subject =
    alerts.length === 1 ? ruleWords[latest.rule].title : `${alerts.length} alerts to look at`;
  await handOver({
    id: mailId(latest.id, reader.userId, madeAt(latest.id)),
    to: reader.email,
    subject: `[Tenantry] ${subject}`,
    text: textOf(alerts),
  });
  await alerting.markSent(
    reader.userId,
    alerts.map(({ id }) => id),
  );
  return 1;
}

/**
 * Write to all staff about alerts that they have not been told of, and of a fault's end to those who
 * were told of the fault. A mail that cannot be handed over keeps nobody else's back, and is tried at
 * the next look.
 * @returns how many mails went out
 */
export async function tellStaff(): Promise<number> {
  const ended = await appFaults.takeEndedFaults();
  const readers = await withIdentity((tx) =>
    tx
      .select({ userId: users.id, email: users.email })
      .from(staff)
      .innerJoin(users, eq(users.id, staff.userId)),
  );
  const told = await Promise.allSettled([
    ...readers.map(tellOne),
    ...readers.flatMap((reader) =>
      ended
        .filter(({ told }) => told.includes(reader.userId))
        .map((fault) => tellOfEnd(reader, fault)),
    ),
  ]);
  let sent = 0;
  for (const one of told) {
    if (one.status === 'fulfilled') sent += one.value;
    else logger.error({ err: one.reason }, 'A mail about an alert could not be handed over');
  }
  return sent;
}
