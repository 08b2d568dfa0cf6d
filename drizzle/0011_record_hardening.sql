ALTER TABLE "alerts" ADD COLUMN "subjects" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "staff_access_logs" ADD COLUMN "details" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
-- A row that no reader could use would otherwise keep this installation from starting. Its owner is
-- subject to row security too; the runner forces it again from the declarations in any case.
ALTER TABLE "tenant_access_logs" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "tenant_access_logs"
   SET "times" = least(greatest("times", 1), 1000000),
       "created_at" = least(greatest("created_at", '2000-01-01Z'), '2199-12-31Z'),
       "last_seen_at" = least(greatest("last_seen_at", '2000-01-01Z'), '2199-12-31Z')
 WHERE "times" NOT BETWEEN 1 AND 1000000
    OR "created_at" < '2000-01-01Z' OR "created_at" >= '2200-01-01Z'
    OR "last_seen_at" < '2000-01-01Z' OR "last_seen_at" >= '2200-01-01Z';--> statement-breakpoint
ALTER TABLE "tenant_access_logs" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD CONSTRAINT "tenant_access_logs_times" CHECK ("tenant_access_logs"."times" between 1 and 1000000);--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD CONSTRAINT "tenant_access_logs_moments" CHECK ("tenant_access_logs"."created_at" >= '2000-01-01Z' and "tenant_access_logs"."created_at" < '2200-01-01Z'
          and "tenant_access_logs"."last_seen_at" >= '2000-01-01Z' and "tenant_access_logs"."last_seen_at" < '2200-01-01Z');