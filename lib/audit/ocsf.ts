import type { AuditEventDetail } from './contract';

/**
 * Events in the shape of the Open Cybersecurity Schema Framework, for exports and streams; which of
 * our actions is which class is written down in docs/auditors.md. https://schema.ocsf.io
 */

/** The version of the schema that the shape follows. */
export const ocsfVersion = '1.4.0';
/** The version of our own mapping; it changes when an action moves to another class or activity. */
export const ocsfMappingVersion = 'tenantry.ocsf/1';

const classes = {
  3001: 'Account Change',
  3002: 'Authentication',
  3004: 'Entity Management',
  3005: 'User Access Management',
  6003: 'API Activity',
} as const;
export type OcsfClass = keyof typeof classes;

/** Activities of a class by their number, in the schema's words. */
const activities: Readonly<Record<OcsfClass, Readonly<Record<number, string>>>> = {
  3001: {
    1: 'Create',
    2: 'Enable',
    3: 'Password Change',
    4: 'Password Reset',
    5: 'Disable',
    6: 'Delete',
    10: 'MFA Factor Enable',
    11: 'MFA Factor Disable',
    99: 'Other',
  },
  3002: { 1: 'Logon', 2: 'Logoff', 99: 'Other' },
  3004: {
    1: 'Create',
    2: 'Read',
    3: 'Update',
    4: 'Delete',
    8: 'Enable',
    9: 'Disable',
    12: 'Suspend',
    13: 'Resume',
    99: 'Other',
  },
  3005: { 1: 'Assign Privileges', 2: 'Revoke Privileges', 99: 'Other' },
  6003: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 99: 'Other' },
};

/** Actions that their verb alone says too little of. */
const special: Readonly<Record<string, readonly [OcsfClass, number]>> = {
  'session.started': [3002, 1],
  'session.switched': [3002, 99],
  'session.ended': [3002, 2],
  'member.invited': [3001, 1],
  'invitation.revoked': [3001, 6],
  'invitation.accepted': [3005, 1],
  'member.role_changed': [3005, 1],
  'member.removed': [3005, 2],
  'connection.consented': [3005, 1],
  'connection.disconnected': [3005, 2],
};

/** Of the last word of an action's verb, the activity on a managed entity (3004). */
const verbs: Readonly<Record<string, number>> = {
  created: 1,
  made: 1,
  opened: 2,
  viewed: 2,
  exported: 2,
  downloaded: 2,
  renamed: 3,
  updated: 3,
  changed: 3,
  rotated: 3,
  resealed: 3,
  rewrapped: 3,
  moved: 3,
  archived: 4,
  withdrawn: 4,
  revoked: 4,
  removed: 4,
  deleted: 4,
  shredded: 4,
  enabled: 8,
  disabled: 9,
  suspended: 12,
  resumed: 13,
};

/** Of the last word of what was done at a provider, such as `mail.create_label`. */
const calls: Readonly<Record<string, number>> = { create: 1, open: 1, read: 2, delete: 4 };

function classify(action: string, details: AuditEventDetail['details']): [OcsfClass, number] {
  const known = special[action];
  if (known) return [...known];
  const [subject = '', verb = ''] = action.split('.');
  if (subject === 'effect') {
    const call = String(details.action ?? '').split('.')[1] ?? '';
    return [6003, calls[call.split('_')[0] ?? ''] ?? 99];
  }
  if (subject === 'factor' || subject === 'second_factor') {
    return [3001, /enabled|added|set|enrolled/.test(verb) ? 10 : 99];
  }
  return [3004, verbs[verb.split('_').at(-1) ?? ''] ?? 99];
}

const userTypes = {
  member: [1, 'User'],
  guest: [0, 'Unknown'],
  staff: [2, 'Admin'],
  automation: [3, 'System'],
  system: [3, 'System'],
} as const;

const statuses = {
  success: [1, 'Success'],
  failure: [2, 'Failure'],
  denied: [2, 'Failure'],
} as const;

/** Of one event, what every class of the schema has. All else is by class. */
export interface OcsfEvent {
  readonly class_uid: OcsfClass;
  readonly class_name: string;
  readonly category_uid: 3 | 6;
  readonly category_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly severity_id: number;
  readonly status_id: number;
  readonly status: string;
  readonly message: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly actor: Readonly<Record<string, unknown>>;
  readonly unmapped: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

/** The object that a class asks for beside what all have. */
function subjectOf(event: AuditEventDetail, classUid: OcsfClass): Record<string, unknown> {
  const target = { uid: event.targetId, name: event.targetName, type: event.targetType };
  const user =
    event.targetType === 'member' || event.targetType === 'invitation'
      ? { uid: event.targetId, name: event.targetName }
      : { uid: event.actorId ?? '', name: event.actorName };
  switch (classUid) {
    case 3001:
    case 3002:
      return { user, resource: target };
    case 3005:
      return {
        user,
        resource: target,
        privileges: [String(event.details.after ?? event.details.role ?? event.action)],
      };
    case 3004:
      return { entity: target };
    case 6003:
      return {
        api: {
          operation: String(event.details.action ?? event.action),
          request: { uid: event.requestId },
        },
        resources: [target],
      };
  }
}

/**
 * One event as OCSF has it.
 * @param event whole, with its details
 * @param tenantId whose record it is on
 */
export function ocsfOf(event: AuditEventDetail, tenantId: string): OcsfEvent {
  const [classUid, activity] = classify(event.action, event.details);
  const [typeId, type] = userTypes[event.actorType];
  const [statusId, status] = statuses[event.outcome];
  return {
    class_uid: classUid,
    class_name: classes[classUid],
    category_uid: classUid === 6003 ? 6 : 3,
    category_name: classUid === 6003 ? 'Application Activity' : 'Identity & Access Management',
    activity_id: activity,
    activity_name: activities[classUid][activity] ?? 'Other',
    type_uid: classUid * 100 + activity,
    time: Date.parse(event.at),
    severity_id: event.outcome === 'success' ? 1 : 2,
    status_id: statusId,
    status,
    ...(event.outcome === 'denied' ? { status_detail: 'denied' } : {}),
    message: event.action,
    metadata: {
      version: ocsfVersion,
      product: { name: 'Tenantry', vendor_name: 'Tenantry' },
      log_name: 'audit',
      log_version: ocsfMappingVersion,
      uid: event.id,
      event_code: event.action,
      correlation_uid: event.requestId,
      tenant_uid: tenantId,
      original_time: event.at,
    },
    actor: {
      user: { uid: event.actorId ?? event.actorType, name: event.actorName, type_id: typeId, type },
      app_name: 'Tenantry',
    },
    // Asked for where it is an API's activity; of an automation's own there is none to tell.
    src_endpoint: event.ipAddress ? { ip: event.ipAddress } : { name: 'tenantry' },
    ...(event.userAgent ? { http_request: { user_agent: event.userAgent } } : {}),
    ...subjectOf(event, classUid),
    unmapped: {
      actor_type: event.actorType,
      action: event.action,
      request_id: event.requestId,
      run_id: event.runId,
      connection_id: event.connectionId,
      details: event.details,
    },
  };
}
