import { defineAction } from './action';

/** The label of that name, made if it isn't there. The id is null only in a dry run. */
export const ensureLabel = defineAction({
  key: 'mail.ensure_label',
  needs: ['mail.label'],
  changes: true,
  async run({ look, change }, { name }: { readonly name: string }) {
    const { mail } = await look();
    const existing = await mail.findLabel(name);
    if (existing) return { id: existing.id, name: existing.name, created: false };
    const made = await change({
      action: 'mail.create_label',
      would: { target: name, title: `Label “${name}”`, before: null, after: 'Created' },
      attempt: async (client) => {
        const label = await client.mail.ensureLabel(name);
        return { reference: label.id };
      },
      reconcile: 'safe_to_repeat',
    });
    return { id: made?.reference ?? null, name, created: true };
  },
});
