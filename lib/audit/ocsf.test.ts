import { describe, expect, it } from 'vitest';
import { type AuditEventDetail, auditActions, ocsfOf } from '.';

const event: AuditEventDetail = {
  id: '0193f5a0-0000-7000-8000-000000000001',
  at: '2026-11-22T03:00:00.123Z',
  actorType: 'member',
  actorId: '0193f5a0-0000-7000-8000-000000000002',
  actorName: 'Ada Example',
  action: 'automation.created',
  targetType: 'automation',
  targetId: '0193f5a0-0000-7000-8000-000000000003',
  targetName: 'Tidy the inbox',
  outcome: 'success',
  requestId: 'request-1',
  runId: null,
  connectionId: null,
  ipAddress: '192.0.2.1',
  userAgent: 'Browser',
  details: {},
};
const tenantId = '0193f5a0-0000-7000-8000-000000000004';

describe('an event as OCSF', () => {
  it.each(Object.keys(auditActions))(
    '%s is of a class, and its type is class and activity',
    (action) => {
      const shape = ocsfOf({ ...event, action }, tenantId);
      expect(shape.type_uid).toBe(shape.class_uid * 100 + shape.activity_id);
      expect(shape.category_uid).toBe(Math.floor(shape.class_uid / 1000));
      expect(shape.activity_name).toBeTruthy();
    },
  );

  it.each([
    ['session.started', 300201],
    ['session.ended', 300202],
    ['member.invited', 300101],
    ['member.role_changed', 300501],
    ['member.removed', 300502],
    ['automation.created', 300401],
    ['automation.enabled', 300408],
    ['tenant.suspended', 300412],
    ['audit.exported', 300402],
    ['what.nobody_knows', 300499],
  ])('%s is of type %d', (action, type) => {
    expect(ocsfOf({ ...event, action }, tenantId).type_uid).toBe(type);
  });

  it('is API Activity where a provider was called, with the operation', () => {
    const call = { ...event, action: 'effect.done', details: { action: 'mail.create_label' } };
    expect(ocsfOf(call, tenantId)).toMatchObject({
      type_uid: 600301,
      api: { operation: 'mail.create_label', request: { uid: 'request-1' } },
    });
  });

  it('says who, when, in what request and whose', () => {
    expect(ocsfOf(event, tenantId)).toMatchObject({
      time: Date.parse(event.at),
      actor: { user: { uid: event.actorId, name: 'Ada Example', type_id: 1 } },
      src_endpoint: { ip: '192.0.2.1' },
      metadata: { uid: event.id, tenant_uid: tenantId, correlation_uid: 'request-1' },
    });
  });
});
