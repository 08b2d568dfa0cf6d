import { ZodError, z } from 'zod';
import { doFromPage, type Sibling, showFaultPage } from './fault-page';
import type { Faults } from './faults';
import type { RequestLog } from './request-log';
import { type RunningService, type ServiceDefinition, UnknownAccount } from './service';

const accountRequest = z.strictObject({
  account: z.string().min(1),
  action: z.string(),
  permission: z.string().optional(),
});

const presetRequest = z.strictObject({
  preset: z.string(),
  account: z.string().optional(),
  times: z.int().min(1).optional(),
});

/** What the paths below `/__` steer and look at. */
export interface Controlled {
  readonly definition: ServiceDefinition;
  readonly service: RunningService;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** The emulators of this process, itself among them. */
  readonly siblings: () => readonly Sibling[];
}

const done = () => new Response(null, { status: 204 });
const refused = (words: string, status = 400) => Response.json({ error: words }, { status });

function addFaults({ faults }: Controlled, given: unknown): Response {
  const list = Array.isArray(given) ? given : [given];
  return Response.json({ ids: list.map((fault) => faults.add(fault)) });
}

/** Set a fault by its name; set again, it replaces itself. */
function addPreset({ definition, faults }: Controlled, given: unknown): Response {
  const { preset: name, ...target } = presetRequest.parse(given);
  const preset = Object.hasOwn(definition.presets, name) ? definition.presets[name] : undefined;
  if (!preset) return refused(`there is no fault called ${name}`);
  return Response.json({ ids: [faults.add({ ...preset.fault, ...target }, name)] });
}

async function act({ definition, service }: Controlled, given: unknown): Promise<Response> {
  const { account, action, permission } = accountRequest.parse(given);
  const known = Object.hasOwn(definition.actions, action) ? definition.actions[action] : undefined;
  if (!known) return refused(`there is no action called ${action}`);
  if (known.perPermission && permission === undefined) return refused(`${action} of what?`);
  await service.act(action, account, permission);
  return done();
}

/**
 * The paths below `/__`, through which tests and people steer the emulator and look at it.
 *
 * - `GET /__` is the page from which a person does all this; its forms go to `POST /__do`
 * - `POST /__faults` sets one fault or a list; `GET` lists, `DELETE` clears
 * - `POST /__presets` `{preset, account?, times?}` sets one of the service's named faults
 * - `GET /__requests?method=&path=&account=` what was asked; `DELETE` forgets
 * - `POST /__accounts` `{account, action, permission?}`, one of the service's actions; `GET` lists
 * - whatever else the service itself has there
 */
export async function control(request: Request, controlled: Controlled): Promise<Response> {
  const { service, faults, log } = controlled;
  const { pathname, searchParams } = new URL(request.url);
  try {
    switch (`${request.method} ${pathname}`) {
      case 'GET /__':
        return showFaultPage(controlled, controlled.siblings());
      case 'POST /__do':
        return await doFromPage(request, (meant) => control(meant, controlled));
      case 'GET /__health':
        return Response.json({ ok: true });
      case 'POST /__faults':
        return addFaults(controlled, await request.json());
      case 'GET /__faults':
        return Response.json(faults.list());
      case 'DELETE /__faults':
        faults.clear();
        return done();
      case 'POST /__presets':
        return addPreset(controlled, await request.json());
      case 'GET /__requests':
        return Response.json(log.list(Object.fromEntries(searchParams)));
      case 'DELETE /__requests':
        log.clear();
        return done();
      case 'GET /__accounts':
        return Response.json(service.accounts());
      case 'POST /__accounts':
        return await act(controlled, await request.json());
      default:
        return (await service.control?.(request)) ?? refused('not found', 404);
    }
  } catch (error) {
    const ours = [ZodError, SyntaxError, UnknownAccount].some((kind) => error instanceof kind);
    if (!(ours && error instanceof Error)) throw error;
    return refused(error.message);
  }
}
