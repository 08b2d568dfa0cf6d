DROP INDEX "audit_events_list";--> statement-breakpoint
DROP INDEX "audit_events_action";--> statement-breakpoint
DROP INDEX "audit_events_actor";--> statement-breakpoint
DROP INDEX "audit_events_run";--> statement-breakpoint
DROP INDEX "audit_events_request";--> statement-breakpoint
DROP INDEX "audit_events_by_request";--> statement-breakpoint
DROP INDEX "audit_events_by_run";--> statement-breakpoint
DROP INDEX "audit_events_by_connection";--> statement-breakpoint
DROP INDEX "audit_events_by_actor";--> statement-breakpoint
ALTER TABLE "provider_calls" ADD COLUMN "host" text;--> statement-breakpoint
CREATE INDEX "audit_events_connection" ON "audit_events" USING btree ("tenant_id","connection_id","id") WHERE connection_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_outcome" ON "audit_events" USING btree ("tenant_id","outcome","id") WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX "audit_events_by_action" ON "audit_events" USING btree (lower("action"),"id");--> statement-breakpoint
CREATE INDEX "audit_events_by_outcome" ON "audit_events" USING btree (lower("outcome"),"id") WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX "runs_all" ON "runs" USING btree (("created_at" at time zone 'UTC'),"id");--> statement-breakpoint
CREATE INDEX "runs_by_state" ON "runs" USING btree (lower("state"),("created_at" at time zone 'UTC'),"id");--> statement-breakpoint
CREATE INDEX "runs_by_id" ON "runs" USING btree (("id"::text));--> statement-breakpoint
CREATE INDEX "provider_calls_discovery" ON "provider_calls" USING btree ("tenant_id","discovery_id","created_at") WHERE discovery_id is not null;--> statement-breakpoint
CREATE INDEX "users_words" ON "users" USING gin (to_tsvector('simple'::regconfig, translate("name" || ' ' || "email", '@._+-/', '      ')));--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("tenant_id","action","id");--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("tenant_id","actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_run" ON "audit_events" USING btree ("tenant_id","run_id","id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_request" ON "audit_events" USING btree ("tenant_id","request_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_by_request" ON "audit_events" USING btree (lower("request_id"),"id");--> statement-breakpoint
CREATE INDEX "audit_events_by_run" ON "audit_events" USING btree (("run_id"::text),"id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_by_connection" ON "audit_events" USING btree (("connection_id"::text),"id") WHERE connection_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_by_actor" ON "audit_events" USING btree (("actor_id"::text),"id") WHERE actor_id is not null;--> statement-breakpoint
CREATE POLICY "platform_access" ON "automations" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "platform_access" ON "effects" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "platform_access" ON "run_steps" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "platform_access" ON "provider_calls" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);