CREATE INDEX "audit_events_by_request" ON "audit_events" USING btree (lower("request_id"));--> statement-breakpoint
CREATE INDEX "audit_events_by_run" ON "audit_events" USING btree (("run_id"::text)) WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_by_connection" ON "audit_events" USING btree (("connection_id"::text)) WHERE connection_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_by_actor" ON "audit_events" USING btree (("actor_id"::text)) WHERE actor_id is not null;--> statement-breakpoint
CREATE INDEX "tenant_access_logs_by_request" ON "tenant_access_logs" USING btree (lower("request_id"));--> statement-breakpoint
CREATE INDEX "tenant_access_logs_by_last_request" ON "tenant_access_logs" USING btree (lower("last_request_id")) WHERE last_request_id is not null;