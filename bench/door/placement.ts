import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';

/**
 * Where one client and its server run: on a core each, as on two machines, or both on one.
 *
 * With one client at a time, one of the two always waits for the other. Where the system puts them
 * decides then more than what is measured: on the machine of the first reports a read by the floor
 * took 55 µs while both shared a core and 110 to 140 µs while they did not, since a virtual machine
 * takes its time to wake up a core that is idle. Left to itself the system goes from one to the other
 * at its own will, for some slices or for a whole run, and not for all ways of reading alike. So both
 * are held where they are, and both figures are told. With many clients all cores are busy, and
 * nothing is held.
 */
export const placements = ['a core each', 'one core'] as const;
export type Placement = (typeof placements)[number];

/** Cores that this process may use, as the system writes them down: `0-1`, `0,2-3`. */
function allowed(): string {
  const status = readFileSync('/proc/self/status', 'utf8');
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
}

function hold(pids: readonly number[], cores: string): void {
  for (const pid of pids) {
    const options = ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)];
    try {
      execFileSync('taskset', options, { stdio: 'ignore' });
    } catch (error) {
      // One that has ended meanwhile is not in the way.
      if (existsSync(`/proc/${pid}`)) throw error;
    }
  }
}

/** The server's processes; those that it starts later run where the first one runs. */
async function serverProcesses(owner: Client): Promise<number[]> {
  const { rows } = await owner.query<{ pid: number }>('select pid from pg_stat_activity');
  const [own] = (await owner.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  const status = readFileSync(`/proc/${own?.pid}/status`, 'utf8');
  const first = Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
  return [first, ...rows.map(({ pid }) => pid)];
}

/** Whether they can be held: on Linux, with `taskset` of util-linux, as their user, and two cores. */
async function canHold(owner: Client): Promise<boolean> {
  try {
    hold([process.pid, ...(await serverProcesses(owner))], allowed());
    return /[-,]/.test(allowed());
  } catch {
    return false;
  }
}

/**
 * Do something with client and server held in each placement after the other, or once and wherever
 * the system puts them where they cannot be held.
 * @param owner a connection to the server, which is on this machine
 * @param work gets the placement, or undefined
 */
export async function inEachPlacement(
  owner: Client,
  work: (placement: Placement | undefined) => Promise<void>,
): Promise<void> {
  if (!(await canHold(owner))) {
    await work(undefined);
    return;
  }
  const all = allowed();
  const [first = '0'] = all.split(/[-,]/);
  const last = all.split(/[-,]/).at(-1) ?? first;
  try {
    for (const placement of placements) {
      hold(await serverProcesses(owner), placement === 'one core' ? first : last);
      hold([process.pid], first);
      await work(placement);
    }
  } finally {
    hold([process.pid, ...(await serverProcesses(owner))], all);
  }
}
