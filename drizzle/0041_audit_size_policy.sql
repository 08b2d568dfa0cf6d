ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_size";--> statement-breakpoint
CREATE POLICY "audit_events_size" ON "audit_events" AS RESTRICTIVE FOR INSERT TO public WITH CHECK (octet_length(concat("audit_events"."actor_type", "audit_events"."actor_name", "audit_events"."action",
        "audit_events"."target_type", "audit_events"."target_id", "audit_events"."target_name", "audit_events"."outcome",
        "audit_events"."request_id", "audit_events"."ip_address", "audit_events"."user_agent", "audit_events"."details"))
        <= 131072);