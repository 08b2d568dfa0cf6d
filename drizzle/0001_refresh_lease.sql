DROP INDEX "audit_events_all";--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "refresh_lease" uuid;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "refresh_lease_until" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "audit_events_all" ON "audit_events" USING btree ("id");