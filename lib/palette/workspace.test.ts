import { describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { type RunStory, runStory, secret } from '@/lib/console/testing';
import type { MemberContext } from '@/lib/tenancy';
import { searchWorkspace } from '.';

const database = testDatabase();

const memberOf = ({ tenantId, userId }: RunStory, role: 'owner' | 'viewer'): MemberContext => ({
  ...{ tenantId, userId, role, email: 'x@example.com', tenantName: 'Acme' },
  actor: { type: 'member', id: userId, name: 'Ada' },
  requestId: 'request-palette',
});

const kinds = async (context: MemberContext, q: string) =>
  (await searchWorkspace(context, q)).hits.map(({ kind }) => kind);

describe('the palette of a workspace', () => {
  it('finds its own automations and connections by name, and what a pasted id belongs to', async () => {
    const story = await runStory(database, 'Own');
    const owner = memberOf(story, 'owner');
    expect(await kinds(owner, secret.slice(5, 9))).toEqual(['automation', 'connection']);
    expect(await kinds(owner, story.runId)).toEqual(['run']);
    expect(await kinds(owner, story.automationId)).toEqual(['automation']);
    expect(await kinds(owner, story.requestId)).toEqual(['request']);
  });

  it('finds nothing of another’s, by name or id', async () => {
    const story = await runStory(database, 'Another');
    const { tenantId } = await database.createTenant('Curious');
    const curious = memberOf({ ...story, tenantId }, 'owner');
    for (const q of [secret, story.runId, story.connectionId, story.requestId, story.tenantId]) {
      expect(await kinds(curious, q)).toEqual([]);
    }
  });

  it('leads nobody to the audit who may not read it', async () => {
    const story = await runStory(database, 'Viewed');
    expect(await kinds(memberOf(story, 'viewer'), story.requestId)).toEqual([]);
  });
});
