// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant } from '../mutant';
import { brokenRecords } from '../sql/line';
import { unit } from './named';

const certificates = 'record: a certificate that others wrote';
const retention = 'app: data that is deleted before its time';

const erased = 'lib/lifecycle/record-state.test.ts';
const kept = 'lib/limits/retention.test.ts';
const notices = 'lib/lifecycle/retention/notices.test.ts';

/** What outlives a record that is erased, what keeps records apart, and for how long things are kept. */
export const recordMutants: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'certificate-of-anybody',
    class: certificates,
    taken:
      'Whose key signed a certificate that lies in the database: a stranger’s is taken for ours.',
    file: 'lib/lifecycle/certificate.ts',
    edits: [
      {
        find: 'return «trustedPublicKeys().some((ours) => ours.equals(raw))» ? verdict',
        instead: 'raw.length > 0',
      },
    ],
    noticedBy: unit(erased, 'is not taken for ours: signed by a stranger'),
  },
  {
    kind: 'code',
    name: 'certificate-of-any-deletion',
    class: certificates,
    taken: 'Of which deletion a certificate is: one of ours is taken for every other as well.',
    file: 'lib/lifecycle/certificate.ts',
    edits: [
      { find: '!verdict.valid || «verdict.certificate.deletionId !== id»)', instead: 'false' },
    ],
    noticedBy: unit(erased, 'is not taken for ours: that of another deletion'),
  },
  {
    kind: 'code',
    name: 'wiped-beside-any-certificate',
    class: certificates,
    taken:
      'Who signed a deletion’s certificate: a record that was wiped is not missed beside any text.',
    file: 'lib/record/certified.ts',
    edits: [
      {
        find: '«ours.some((key) => key.equals(raw)) && openNote(note, [said.verifierKey]) !== null»;',
        instead: 'raw.length > 0 && ours.length > 0',
      },
    ],
    noticedBy: unit(
      'lib/record/wiped.test.ts',
      'is missed beside a certificate that somebody else has signed',
    ),
  },
  {
    kind: 'code',
    name: 'wiped-beside-anothers-certificate',
    class: certificates,
    taken:
      'Whose deletion a certificate is of: a record that was wiped is not missed beside another’s.',
    file: 'lib/record/certified.ts',
    edits: [
      {
        find: 'return signed && «said.tenantId === tenantId» && whole',
        instead: 'tenantId.length > 0',
      },
    ],
    noticedBy: unit(
      'lib/record/wiped.test.ts',
      'is missed beside a certificate that is another tenant’s',
    ),
  },
  {
    kind: 'code',
    name: 'broken-records-first',
    class: brokenRecords,
    taken: 'Trees that cannot be signed come behind: with enough of them nobody else’s is signed.',
    file: 'db/record/checkpoints.ts',
    edits: [
      {
        find: '«`${mark} select tenant_id as "tenantId", origin, size::float8 as size, frontier,\n                    checkpoint_size::float8 as "checkpointSize"\n       from record_trees\n      where size > checkpoint_size and id = tenant_id\n        and (checkpoint_at is null or checkpoint_at <= now() - make_interval(secs => $1))\n        and ($3::uuid is null or tenant_id = $3)\n      order by failures, grown_at limit $2`»,',
        instead:
          '`${mark} select tenant_id as "tenantId", origin, size::float8 as size, frontier,\n                    checkpoint_size::float8 as "checkpointSize"\n       from record_trees\n      where size > checkpoint_size and id = tenant_id\n        and (checkpoint_at is null or checkpoint_at <= now() - make_interval(secs => $1))\n        and ($3::uuid is null or tenant_id = $3)\n      order by grown_at limit $2`',
      },
    ],
    noticedBy: unit(
      'lib/record/continuity.test.ts',
      'keeps nobody else waiting, however many there are of its kind',
    ),
  },
  {
    kind: 'code',
    name: 'noted-record-unsigned',
    class: certificates,
    taken: 'The signature under how a record stood: whoever edits the note makes it a sound one.',
    file: 'lib/lifecycle/record-state.ts',
    edits: [
      {
        find: 'const text = «openNote(recordState, keys)»;',
        instead: "recordState.slice(0, recordState.lastIndexOf('\\n\\n') + 1) || keys.join()",
      },
    ],
    noticedBy: unit(erased, 'is not believed: edited'),
  },
  {
    kind: 'code',
    name: 'noted-record-of-any-deletion',
    class: certificates,
    taken:
      'Of which deletion it was signed how its record stood: what was noted of another fits as well.',
    file: 'lib/lifecycle/record-state.ts',
    edits: [{ find: 'if («said.deletionId !== deletion.id») return unknown;', instead: 'false' }],
    noticedBy: unit(erased, 'is not believed when it is that of another deletion'),
  },
  {
    kind: 'code',
    name: 'noted-record-beside-any-checkpoint',
    class: certificates,
    taken: 'That what was noted of a record speaks of the checkpoint beside it.',
    file: 'lib/lifecycle/record-state.ts',
    edits: [{ find: '|| «noted.signed !== signedFor(checkpoint)») return', instead: 'false' }],
    noticedBy: unit(erased, 'is not believed beside another checkpoint: of fewer events'),
  },
  {
    kind: 'code',
    name: 'broken-record-not-sealed-around',
    class: brokenRecords,
    taken: 'That a record that cannot grow is left to itself: the sealing of all stands still.',
    file: 'db/record/seal.ts',
    edits: [
      {
        find: 'const reason = await «attempt(client, () => writeGrowth(client, [tree]))»;',
        instead: 'writeGrowth(client, [tree]).then((): Error | null => null)',
      },
    ],
    noticedBy: unit(
      'lib/record/seal.test.ts',
      'leaves a record that cannot grow to itself, and goes on with the others',
    ),
  },
  {
    kind: 'code',
    name: 'broken-record-not-signed-around',
    class: brokenRecords,
    taken: 'That a tree that makes no state is refused by itself: nobody’s is signed any more.',
    file: 'lib/record/continuity.ts',
    edits: [{ find: 'if («error instanceof RangeError») return null;', instead: 'false' }],
    noticedBy: unit(
      erased,
      'makes no tree any more says that it was refused, and nobody else waits for it',
    ),
  },
  {
    kind: 'code',
    name: 'incomplete-record-not-signed-around',
    class: brokenRecords,
    taken: 'That a tree without its nodes is refused by itself: nobody’s is signed any more.',
    file: 'lib/record/continuity.ts',
    edits: [
      { find: 'if («error instanceof TreeIncomplete») return refused(changed);', instead: 'false' },
    ],
    noticedBy: unit(
      'lib/record/continuity.test.ts',
      'is not signed where its nodes are gone, and nobody else waits for it',
    ),
  },
  {
    kind: 'code',
    name: 'less-kept-at-once',
    class: retention,
    taken: 'The week in which the longer of two times holds: what is older goes in the next night.',
    file: 'lib/limits/retention.ts',
    edits: [
      {
        find: 'return [key, «Math.max(limits[key], ...longer.map(({ days }) => days))»];',
        instead: 'longer && limits[key]',
      },
    ],
    noticedBy: unit(
      notices,
      'takes nothing before the owners’ time of notice is over, and then what is older',
    ),
  },
  {
    kind: 'code',
    name: 'notice-cut-short',
    class: retention,
    taken: 'What holds on from before: a second change ends the week of the first.',
    file: 'lib/limits/retention.ts',
    edits: [{ find: 'return [...«still», ...lowered];', instead: 'still.slice(0, 0)' }],
    noticedBy: unit(kept, 'is not less sooner by giving a little more than announced'),
  },
  {
    kind: 'code',
    name: 'unreadable-keeps-nothing',
    class: retention,
    taken: 'That all is kept where what holds on cannot be read: it counts as nothing.',
    file: 'lib/limits/retention.ts',
    edits: [
      {
        find: 'return «retentionKeys.map((key) => ({ key, days: mostDays, until }))»;',
        instead: '[]',
      },
    ],
    noticedBy: unit(
      notices,
      'what holds on and cannot be read keeps all until staff say it anew: [null]',
    ),
  },
];
