import type { EffectResult, Reconciliation } from '@/lib/connections';
import type {
  CalendarActions,
  ChannelActions,
  ChannelAdministration,
  FileActions,
  MailActions,
  ProviderKey,
} from '@/lib/providers';
import type { ReportCells, ReportColumn, WouldChange } from '../contract';
import type { Capability } from './capabilities';

/** The part of a provider's client that changes nothing: all that an action holds in its hands. */
export interface ReadOnlyClient {
  readonly mail: Pick<MailActions, 'searchMessages' | 'getMessage' | 'findLabel'>;
  readonly calendar: Pick<CalendarActions, 'eventsOnDay'>;
  readonly files: FileActions;
  readonly channelAdministration: Pick<ChannelAdministration, 'find' | 'findPerson'>;
}

/** The whole client, as a change is given it. A missing part throws when it is reached for. */
export interface ActingClient {
  readonly mail: MailActions;
  readonly calendar: CalendarActions;
  readonly files: FileActions;
  readonly channels: ChannelActions;
  readonly channelAdministration: ChannelAdministration;
}

/** How to find out whether an earlier attempt got through; see `performEffect`. */
export type ChangeReconcile =
  | 'safe_to_repeat'
  | ((client: ActingClient) => Promise<Reconciliation>);

/** One change at the provider. Only the runner decides whether `attempt` is ever called. */
export interface Change {
  /** What is done, e.g. `mail.send`; with the target it tells changes of one step apart. */
  readonly action: string;
  readonly would: WouldChange;
  readonly attempt: (client: ActingClient) => Promise<EffectResult>;
  readonly reconcile: ChangeReconcile;
}

export interface ReportDraft {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportCells[];
}

/** What stays the same for all steps of a run. */
export interface RunFacts {
  readonly runId: string;
  readonly automationName: string;
  readonly dryRun: boolean;
  /** The moment that the run reckons from, however often a step is tried. */
  readonly now: Date;
  readonly account: {
    readonly provider: ProviderKey;
    /** Whose mail, calendar and files it works with; empty where it is nobody’s. */
    readonly email: string;
    readonly domain: string | null;
  };
}

/** What an action works with. */
export interface ActionContext {
  readonly run: RunFacts;
  readonly stepKey: string;
  /** The provider, for looking only. Loads the credential on first use. */
  readonly look: () => Promise<ReadOnlyClient>;
  /**
   * Make a change exactly once, or, in a dry run, only note it.
   * @returns what the provider made of it; null in a dry run
   * @throws RunCancelled before anything is sent, when somebody has asked to stop
   */
  readonly change: (change: Change) => Promise<EffectResult | null>;
  /** Keep a table, once however often the step is tried; a dry run only notes it. */
  readonly writeReport: (report: ReportDraft) => Promise<void>;
}

/** Something a step can do. Its input and output are on the run's record: plain JSON, no secrets. */
export interface Action<Input, Output> {
  readonly key: string;
  readonly needs: readonly Capability[];
  /** Whether it changes anything outside. */
  readonly changes: boolean;
  readonly run: (context: ActionContext, input: Input) => Promise<Output>;
}

export function defineAction<Input, Output>(action: Action<Input, Output>): Action<Input, Output> {
  return Object.freeze(action);
}
