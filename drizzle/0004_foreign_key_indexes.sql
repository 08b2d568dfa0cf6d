CREATE INDEX "automations_connection" ON "automations" USING btree ("tenant_id","connection_id");--> statement-breakpoint
CREATE INDEX "effects_step" ON "effects" USING btree ("tenant_id","run_step_id");--> statement-breakpoint
CREATE INDEX "runs_connection" ON "runs" USING btree ("tenant_id","connection_id");--> statement-breakpoint
CREATE INDEX "consent_requests_connection" ON "consent_requests" USING btree ("tenant_id","connection_id");--> statement-breakpoint
CREATE INDEX "user_identities_user" ON "user_identities" USING btree ("user_id");