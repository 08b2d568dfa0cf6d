import { and, eq, type RunStepId, tenantDb } from '@/db';
import { runs } from '@/db/schema';
import { type EffectResult, performEffect, providerClient } from '@/lib/connections';
import { PublicError } from '@/lib/errors';
import { stopIfLost } from '@/lib/jobs';
import type { ProviderClient } from '@/lib/providers';
import type {
  ActingClient,
  ActionContext,
  Change,
  ReadOnlyClient,
  ReportDraft,
} from '../actions/action';
import type { WouldChange } from '../contract';
import type { LoadedRun } from './load';
import { shorten } from './plain-json';
import { RunCancelled } from './verdict';

/** How often a step that only looks asks whether it should stop. */
const askAgainMs = 1_000;

/** Changes kept on one step's record; beyond it they are only counted. */
const mostChanges = 200;

function required<Part>(part: Part | null, name: string): Part {
  if (part === null) {
    throw new PublicError('conflict', `This connection has no ${name}.`);
  }
  return part;
}

/** The client for whom it is about: of an organisation's connection, one of its people. */
function clientOf(client: ProviderClient, person: string | null): ProviderClient {
  if (person === null) return client;
  return required(client.person, 'people to work for')(person);
}

function actingClient(client: ProviderClient): ActingClient {
  return {
    get mail() {
      return required(client.mail, 'mail');
    },
    get calendar() {
      return required(client.calendar, 'calendar');
    },
    get files() {
      return required(client.files, 'files');
    },
    get channels() {
      return required(client.channels, 'channels');
    },
    get channelAdministration() {
      return required(client.channelAdministration, 'channels to look after');
    },
  };
}

/** Only what looks: there is no way from here to a method that changes anything. */
function readOnlyClient(client: ProviderClient, before: () => Promise<void>): ReadOnlyClient {
  const all = actingClient(client);
  return {
    mail: {
      searchMessages: (search) => all.mail.searchMessages(search),
      // Asked for many at a time, one after the other: somebody may want to stop in between.
      getMessage: (id) => before().then(() => all.mail.getMessage(id)),
      findLabel: (name) => all.mail.findLabel(name),
    },
    calendar: { eventsOnDay: (day, timeZone) => all.calendar.eventsOnDay(day, timeZone) },
    files: { externallySharedFiles: (domains) => all.files.externallySharedFiles(domains) },
    channelAdministration: {
      find: (name) => all.channelAdministration.find(name),
      findPerson: (address) => all.channelAdministration.findPerson(address),
    },
  };
}

/** One attempt at one step: what its action works with, and what it leaves behind. */
export class StepWork implements ActionContext {
  readonly #loaded: LoadedRun;
  readonly #stepId: RunStepId;
  readonly stepKey: string;
  readonly #changes: WouldChange[] = [];
  #changeCount = 0;
  #report: ReportDraft | null = null;
  #askedAt = Date.now();
  #client: Promise<ReadOnlyClient> | undefined;

  constructor(loaded: LoadedRun, step: { readonly id: RunStepId; readonly key: string }) {
    this.#loaded = loaded;
    this.#stepId = step.id;
    this.stepKey = step.key;
  }

  get run() {
    return this.#loaded.facts;
  }

  /** Made, or in a dry run foreseen, so far. */
  get changes(): readonly WouldChange[] {
    return this.#changes;
  }

  get changeCount(): number {
    return this.#changeCount;
  }

  /** To be written when the step ends; a dry run has none. */
  get report(): ReportDraft | null {
    return this.#report;
  }

  readonly look = (): Promise<ReadOnlyClient> => {
    const { context, run, person } = this.#loaded;
    this.#client ??= providerClient(context, run.connectionId, {
      runId: run.id,
      runStepId: this.#stepId,
    }).then((client) => readOnlyClient(clientOf(client, person), this.#stopNowAndThen));
    return this.#client;
  };

  readonly change = async (change: Change): Promise<EffectResult | null> => {
    await this.#stopIfAsked();
    const result = this.run.dryRun ? null : await this.#perform(change);
    this.#note(change.would);
    return result;
  };

  readonly writeReport = async (report: ReportDraft): Promise<void> => {
    await this.#stopIfAsked();
    if (!this.run.dryRun) {
      this.#report = report;
      return;
    }
    this.#note({
      target: report.title,
      title: `Report “${report.title}”`,
      before: null,
      after: `${report.rows.length} ${report.rows.length === 1 ? 'row' : 'rows'}`,
    });
  };

  #perform({ action, would, attempt, reconcile }: Change): Promise<EffectResult> {
    const { context, run, person } = this.#loaded;
    const acting = (client: ProviderClient) => actingClient(clientOf(client, person));
    return performEffect(
      context,
      run.connectionId,
      {
        runId: run.id,
        runStepId: this.#stepId,
        idempotencyKey: `${run.id}/${this.stepKey}/${action}/${would.target}`,
        action,
        target: would.target,
      },
      (client) => attempt(acting(client)),
      reconcile === 'safe_to_repeat' ? reconcile : (client) => reconcile(acting(client)),
    );
  }

  #note({ target, title, before, after }: WouldChange): void {
    this.#changeCount += 1;
    if (this.#changes.length >= mostChanges) return;
    this.#changes.push({
      target: shorten(target),
      title: shorten(title),
      before: before === null ? null : shorten(before),
      after: shorten(after),
    });
  }

  /** For what comes often and is cheap: a change asks each time. */
  readonly #stopNowAndThen = async (): Promise<void> => {
    if (Date.now() - this.#askedAt < askAgainMs) return;
    await this.#stopIfAsked();
    this.#askedAt = Date.now();
  };

  async #stopIfAsked(): Promise<void> {
    stopIfLost();
    const { context, run } = this.#loaded;
    const [row] = await tenantDb(context)
      .select({ state: runs.state, asked: runs.cancelRequestedAt })
      .from(runs)
      .where(and(eq(runs.tenantId, context.tenantId), eq(runs.id, run.id)));
    if (!row || row.asked !== null || row.state !== 'running') {
      throw new RunCancelled('The run was asked to stop.');
    }
  }
}
