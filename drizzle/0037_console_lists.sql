CREATE INDEX "exports_all" ON "exports" USING btree (("id"::text::uuid));--> statement-breakpoint
CREATE INDEX "exports_failed" ON "exports" USING btree (("id"::text::uuid)) WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "audit_streams_all" ON "audit_streams" USING btree (("id"::text::uuid));--> statement-breakpoint
CREATE INDEX "audit_streams_failing" ON "audit_streams" USING btree (("id"::text::uuid)) WHERE state = 'active' and failing_since is not null;--> statement-breakpoint
CREATE INDEX "support_requests_all" ON "support_requests" USING btree (("id"::text::uuid));--> statement-breakpoint
CREATE INDEX "support_requests_unanswered" ON "support_requests" USING btree (("id"::text::uuid)) WHERE decision is null;--> statement-breakpoint
CREATE INDEX "staff_access_logs_person" ON "staff_access_logs" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "staff_access_logs_action" ON "staff_access_logs" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "staff_access_logs_tenants" ON "staff_access_logs" USING gin (("details" -> 'tenants'));--> statement-breakpoint
CREATE POLICY "platform_access" ON "exports" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "platform_access" ON "audit_streams" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);