import type { Organisation } from '../../google/seed/organisations';
import type { Store } from '../state';
import { guidFor } from './directories';

const channelId = (name: string) => `19:${guidFor(name).replaceAll('-', '')}@thread.tacv2`;

/** The teams of an organisation: one for everybody, one for each project with its first people. */
export function seedTeams(store: Store, tid: string, organisation: Organisation): void {
  const members = store.people(tid).map(({ oid }) => oid);
  const everybody = [organisation.name, 'What concerns all of us', members] as const;
  const projects = organisation.projects.map(
    (project) => [project, `Everything about ${project}`, members.slice(0, 3)] as const,
  );
  for (const [displayName, description, people] of [everybody, ...projects]) {
    const id = guidFor(`team ${tid} ${displayName}`);
    store.put('teams', tid, id, { id, displayName, description, members: people });
    for (const name of ['General', 'Announcements', 'Orders']) {
      const channel = channelId(`channel ${id} ${name}`);
      store.put('channels', id, channel, {
        id: channel,
        displayName: name,
        description: `${name} of ${displayName}`,
        membershipType: name === 'Orders' ? 'private' : 'standard',
      });
    }
  }
}
