// Roles by the template id that is the same in every directory. Source:
// https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference

/**
 * Who may give an app permissions on Microsoft Graph for the whole organisation. Nobody else at
 * Microsoft may, so that nobody else can give us an organisation that we did not have.
 */
const consenting: ReadonlySet<string> = new Set([
  // Global Administrator
  '62e90394-69f5-4237-9190-012177145e10',
  // Privileged Role Administrator
  'e8611ab8-c189-46e8-94e1-60213ab1f814',
]);

/** Who looks after apps that were consented to; they may bring back what was connected before. */
const caretaking: ReadonlySet<string> = new Set([
  // Application Administrator
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  // Cloud Application Administrator
  '158c047a-c907-4556-b7ef-446551a6b5f7',
]);

/**
 * Whether the holder of a role may connect their organisation.
 * @param roleTemplateId as Graph has it
 * @param again to a connection that was this organisation's before
 */
export function mayConnect(roleTemplateId: string, again: boolean): boolean {
  const role = roleTemplateId.toLowerCase();
  return consenting.has(role) || (again && caretaking.has(role));
}
