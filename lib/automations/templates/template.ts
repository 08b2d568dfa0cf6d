import type { z } from 'zod';
import type { Action, RunFacts } from '../actions/action';
import {
  type Capability,
  type ConnectionKind,
  concernsPerson,
  kindsFor,
  permissionsFor,
} from '../actions/capabilities';
import type { PermissionView, SummaryLine, TemplateIcon, TemplateView } from '../contract';
import { type ParameterFields, type ParametersOf, parametersSchema } from '../parameters';

/** What a step may look at to make its input: typed by the steps that stand before it. */
export interface Moment<Parameters, Earlier> {
  readonly parameters: Parameters;
  /** Outputs of earlier steps by key; of a chunked step one per chunk. */
  readonly earlier: Earlier;
  readonly run: RunFacts;
}

interface StepBase {
  readonly key: string;
  readonly title: string;
  readonly action: Action<unknown, unknown>;
}
type AnyMoment = Moment<unknown, unknown>;

/** A step as the runner sees it, its types forgotten: the builder has checked them. */
export type TemplateStep = StepBase &
  (
    | {
        readonly kind: 'one';
        readonly input: (moment: AnyMoment) => unknown;
        /** A reason in plain words to leave the step out, or null to do it. */
        readonly skip: (moment: AnyMoment) => string | null;
      }
    | {
        readonly kind: 'each';
        readonly size: number;
        readonly items: (moment: AnyMoment) => readonly unknown[];
        readonly input: (items: readonly unknown[], moment: AnyMoment) => unknown;
      }
  );

export interface Template {
  readonly key: string;
  /** The kinds of connection that can do all that its actions need. */
  readonly kinds: readonly ConnectionKind[];
  /** Whether an organisation's connection must be told whom it is about. */
  readonly concernsPerson: boolean;
  readonly parameters: z.ZodType<unknown, unknown>;
  readonly steps: readonly TemplateStep[];
  readonly summary: (moment: AnyMoment) => readonly SummaryLine[];
  /** Scopes that a connection of this kind must have, from what the actions need. */
  readonly permissions: (kind: ConnectionKind) => readonly PermissionView[];
  readonly view: () => TemplateView;
}

interface TemplateWords<Fields extends ParameterFields> {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly icon: TemplateIcon;
  readonly parameters: Fields;
  /** Offered when somebody chooses a schedule. */
  readonly suggestedCron: string;
}

interface OneStep<Key extends string, Parameters, Earlier, Input, Output> {
  readonly key: Key;
  readonly title: string;
  readonly action: Action<Input, Output>;
  readonly input: (moment: Moment<Parameters, Earlier>) => NoInfer<Input>;
}

interface EachStep<Key extends string, Parameters, Earlier, Item, Input, Output> {
  readonly key: Key;
  readonly title: string;
  readonly action: Action<Input, Output>;
  /** How many items one step takes: what a killed process has to repeat at most. */
  readonly size: number;
  readonly items: (moment: Moment<Parameters, Earlier>) => readonly Item[];
  readonly input: (items: readonly Item[], moment: Moment<Parameters, Earlier>) => NoInfer<Input>;
}

/** Puts a template together; each step knows the parameters and the outputs before it by type. */
class TemplateBuilder<Fields extends ParameterFields, Earlier> {
  readonly #words: TemplateWords<Fields>;
  readonly #steps: readonly TemplateStep[];

  constructor(words: TemplateWords<Fields>, steps: readonly TemplateStep[]) {
    this.#words = words;
    this.#steps = steps;
  }

  /** Something done once. */
  step<Key extends string, Input, Output>(
    step: OneStep<Key, ParametersOf<Fields>, Earlier, Input, Output>,
  ): TemplateBuilder<Fields, Earlier & Readonly<Record<Key, Output>>> {
    return this.#with({ ...step, kind: 'one', skip: () => null });
  }

  /** Something done once, unless there is a reason not to; then its output is null. */
  stepUnless<Key extends string, Input, Output>(
    step: OneStep<Key, ParametersOf<Fields>, Earlier, Input, Output> & {
      readonly skip: (moment: Moment<ParametersOf<Fields>, Earlier>) => string | null;
    },
  ): TemplateBuilder<Fields, Earlier & Readonly<Record<Key, Output | null>>> {
    return this.#with({ ...step, kind: 'one' });
  }

  /** Something done to many things, in chunks that are steps of their own. */
  each<Key extends string, Item, Input, Output>(
    step: EachStep<Key, ParametersOf<Fields>, Earlier, Item, Input, Output>,
  ): TemplateBuilder<Fields, Earlier & Readonly<Record<Key, readonly Output[]>>> {
    return this.#with({ ...step, kind: 'each' });
  }

  /** What the run's page says in the end. */
  summary(
    lines: (moment: Moment<ParametersOf<Fields>, Earlier>) => readonly SummaryLine[],
  ): Template {
    const words = this.#words;
    const steps = this.#steps;
    const needs = steps.flatMap(({ action }): readonly Capability[] => action.needs);
    const kinds = kindsFor(needs);
    const permissions = (kind: ConnectionKind) => permissionsFor(kind, needs);
    return Object.freeze({
      key: words.key,
      kinds,
      concernsPerson: concernsPerson(needs),
      parameters: parametersSchema(words.parameters),
      steps,
      summary: lines as Template['summary'],
      permissions,
      view: () => viewOf(words, steps, needs),
    });
  }

  #with<Next>(step: object): TemplateBuilder<Fields, Next> {
    return new TemplateBuilder(this.#words, [...this.#steps, step as TemplateStep]);
  }
}

function viewOf(
  words: TemplateWords<ParameterFields>,
  steps: readonly TemplateStep[],
  needs: readonly Capability[],
): TemplateView {
  const { parameters, ...rest } = words;
  const kinds = kindsFor(needs);
  return {
    ...rest,
    providers: [...new Set(kinds.map(({ provider }) => provider))],
    permissions: kinds.map((kind) => ({ ...kind, permissions: permissionsFor(kind, needs) })),
    concernsPerson: concernsPerson(needs),
    fields: Object.fromEntries(
      Object.entries(parameters).map(([key, field]) => [key, field.descriptor]),
    ),
    steps: steps.map(({ key, title }) => ({ key, title })),
    changes: steps.some(({ action }) => action.changes),
  };
}

/**
 * Begin a template: words, parameters, then `.step(…)`s in order, and `.summary(…)` to close it.
 * Keys of templates and steps are on record: never rename one.
 */
export function defineTemplate<Fields extends ParameterFields>(
  words: TemplateWords<Fields>,
): TemplateBuilder<Fields, Readonly<Record<never, never>>> {
  return new TemplateBuilder(words, []);
}
