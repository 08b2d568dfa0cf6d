DROP INDEX "connections_same_account";--> statement-breakpoint
CREATE INDEX "connections_by_id" ON "connections" USING btree (("id"::text));--> statement-breakpoint
CREATE INDEX "connections_same_account" ON "connections" USING btree (("provider" || ' ' || "account_id"));