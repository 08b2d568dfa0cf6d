DROP INDEX "resources_by_name";--> statement-breakpoint
DROP INDEX "resources_by_kind";--> statement-breakpoint
ALTER TABLE "resources" ADD COLUMN "sort_name" text collate "C" GENERATED ALWAYS AS (lower(name)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "resources_by_name" ON "resources" USING btree ("tenant_id","sort_name","id");--> statement-breakpoint
CREATE INDEX "resources_by_kind" ON "resources" USING btree ("tenant_id","kind","sort_name","id");