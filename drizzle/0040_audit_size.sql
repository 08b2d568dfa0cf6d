ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_size" CHECK (octet_length("audit_events"."actor_type") + octet_length("audit_events"."actor_name")
          + octet_length("audit_events"."action") + octet_length("audit_events"."target_type")
          + octet_length("audit_events"."target_id") + octet_length("audit_events"."target_name")
          + octet_length("audit_events"."outcome") + octet_length("audit_events"."request_id")
          + coalesce(octet_length("audit_events"."ip_address"), 0)
          + coalesce(octet_length("audit_events"."user_agent"), 0)
          + octet_length("audit_events"."details"::text) <= 131072);