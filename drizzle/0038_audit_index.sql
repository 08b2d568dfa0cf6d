CREATE TABLE "audit_index" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"action" text NOT NULL,
	"actor_id" uuid,
	"outcome" text NOT NULL,
	"request_id" text NOT NULL,
	"run_id" uuid,
	"connection_id" uuid,
	CONSTRAINT "audit_index_pkey" PRIMARY KEY("tenant_id","id")
);--> statement-breakpoint
ALTER TABLE "audit_index" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
-- From here on nobody writes or seals until this is done: what is on record is in the new table then,
-- and what comes is in its tail. The owner is subject to row security too.
DROP INDEX "audit_events_action";--> statement-breakpoint
DROP INDEX "audit_events_actor";--> statement-breakpoint
DROP INDEX "audit_events_run";--> statement-breakpoint
DROP INDEX "audit_events_connection";--> statement-breakpoint
DROP INDEX "audit_events_request";--> statement-breakpoint
DROP INDEX "audit_events_outcome";--> statement-breakpoint
DROP INDEX "audit_events_all";--> statement-breakpoint
DROP INDEX "audit_events_by_action";--> statement-breakpoint
DROP INDEX "audit_events_by_outcome";--> statement-breakpoint
DROP INDEX "audit_events_by_request";--> statement-breakpoint
DROP INDEX "audit_events_by_run";--> statement-breakpoint
DROP INDEX "audit_events_by_connection";--> statement-breakpoint
DROP INDEX "audit_events_by_actor";--> statement-breakpoint
ALTER TABLE "audit_events" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO "audit_index" ("tenant_id", "id", "created_at", "action", "actor_id", "outcome", "request_id", "run_id", "connection_id")
SELECT "tenant_id", "id", "created_at", left("action", 129), "actor_id", left("outcome", 129), left("request_id", 129), "run_id", "connection_id"
  FROM "audit_events";--> statement-breakpoint
ALTER TABLE "audit_events" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "audit_index_action" ON "audit_index" USING btree ("tenant_id","action","id");--> statement-breakpoint
CREATE INDEX "audit_index_actor" ON "audit_index" USING btree ("tenant_id","actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_index_run" ON "audit_index" USING btree ("tenant_id","run_id","id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "audit_index_connection" ON "audit_index" USING btree ("tenant_id","connection_id","id") WHERE connection_id is not null;--> statement-breakpoint
CREATE INDEX "audit_index_request" ON "audit_index" USING btree ("tenant_id","request_id","id");--> statement-breakpoint
CREATE INDEX "audit_index_outcome" ON "audit_index" USING btree ("tenant_id","outcome","id") WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX "audit_index_all" ON "audit_index" USING btree (("id"::text::uuid));--> statement-breakpoint
CREATE INDEX "audit_index_by_action" ON "audit_index" USING btree (lower("action"),"id");--> statement-breakpoint
CREATE INDEX "audit_index_by_outcome" ON "audit_index" USING btree (lower("outcome"),"id") WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX "audit_index_by_request" ON "audit_index" USING btree (lower("request_id"),"id");--> statement-breakpoint
CREATE INDEX "audit_index_by_run" ON "audit_index" USING btree (("run_id"::text),"id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "audit_index_by_connection" ON "audit_index" USING btree (("connection_id"::text),"id") WHERE connection_id is not null;--> statement-breakpoint
CREATE INDEX "audit_index_by_actor" ON "audit_index" USING btree (("actor_id"::text),"id") WHERE actor_id is not null;--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "audit_index" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("audit_index"."tenant_id" = public.current_tenant()) WITH CHECK ("audit_index"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "audit_index" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "engine_access" ON "audit_index" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "eraser_access" ON "audit_index" AS PERMISSIVE FOR ALL TO "tenantry_eraser" USING ("audit_index"."tenant_id" in (select d.tenant_id from public.tenant_deletions d where d.closed_at is not null and d.finished_at is null)) WITH CHECK ("audit_index"."tenant_id" in (select d.tenant_id from public.tenant_deletions d where d.closed_at is not null and d.finished_at is null));--> statement-breakpoint
-- Since when, and until when, events may be missing in "audit_index": docs/decisions/0032.
INSERT INTO "record_progress" ("id", "cluster", "done")
SELECT 1, c.system_identifier::text, '3:3:' FROM pg_control_system() c
ON CONFLICT DO NOTHING;--> statement-breakpoint
CREATE FUNCTION public.audit_tail_from() RETURNS xid8
  LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
begin
  -- Transactions' numbers mean nothing in another cluster: everything may be missing there.
  return coalesce(
    (select pg_snapshot_xmin(p.done::pg_snapshot)
       from public.record_progress p, pg_control_system() c
      where p.id = 1 and p.cluster = c.system_identifier::text),
    '0'::xid8);
end $body$;--> statement-breakpoint
CREATE FUNCTION public.audit_tail_to() RETURNS xid8
  LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
begin
  return coalesce(
    (select greatest(pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id_if_assigned())
       from public.record_progress p, pg_control_system() c
      where p.id = 1 and p.cluster = c.system_identifier::text),
    '18446744073709551615'::xid8);
end $body$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.audit_tail_from(), public.audit_tail_to() FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.audit_tail_from(), public.audit_tail_to() TO tenantry_app, tenantry_platform;
