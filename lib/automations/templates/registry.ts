import { PublicError } from '@/lib/errors';
import type { TemplateView } from '../contract';
import { archiveOldChannel } from './archive-channel';
import { archiveNewsletters } from './archive-newsletters';
import { attachmentSenders } from './attachment-senders';
import { channelMessage } from './channel-message';
import { externalFiles } from './external-files';
import { focusBlock } from './focus-block';
import { labelMatching } from './label-matching';
import { morningAgenda } from './morning-agenda';
import { projectChannel } from './project-channel';
import type { Template } from './template';

/** Every template on offer, in the order of the gallery. */
const templates: readonly Template[] = [
  archiveNewsletters,
  labelMatching,
  morningAgenda,
  attachmentSenders,
  externalFiles,
  focusBlock,
  channelMessage,
  projectChannel,
  archiveOldChannel,
];

const byKey = new Map(templates.map((template) => [template.key, template]));

/** Every template, as people choose it. */
export function listTemplates(): readonly TemplateView[] {
  return templates.map((template) => template.view());
}

/** The template of that key, or undefined when this version does not know it (any more). */
export function findTemplate(key: string): Template | undefined {
  return byKey.get(key);
}

/** @throws PublicError `not_found` */
export function requireTemplate(key: string): Template {
  const template = byKey.get(key);
  if (!template) throw new PublicError('not_found', 'There is no such template.');
  return template;
}
