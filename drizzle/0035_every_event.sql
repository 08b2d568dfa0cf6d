DROP INDEX "audit_events_all";--> statement-breakpoint
CREATE INDEX "audit_events_all" ON "audit_events" USING btree (("id"::text::uuid));