CREATE TABLE "exports" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"format" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"phase" text DEFAULT '' NOT NULL,
	"filter" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"records_done" bigint DEFAULT 0 NOT NULL,
	"records_total" bigint,
	"bytes" bigint,
	"digest" text,
	"sealed_passphrase" text DEFAULT '' NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_name" text NOT NULL,
	"job_id" uuid,
	"error" text,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"downloads" integer DEFAULT 0 NOT NULL,
	"last_download_at" timestamp with time zone,
	CONSTRAINT "exports_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "exports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_streams" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed_secret" text DEFAULT '' NOT NULL,
	"secret_generation" integer DEFAULT 1 NOT NULL,
	"position" bigint DEFAULT 0 NOT NULL,
	"reached_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"delivered" bigint DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"failure" text,
	"failing_since" timestamp with time zone,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"told_at" timestamp with time zone,
	"claimed_until" timestamp with time zone,
	"created_by" uuid NOT NULL,
	"created_name" text NOT NULL,
	CONSTRAINT "audit_streams_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "audit_streams" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "exports_list" ON "exports" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "exports_expired" ON "exports" USING btree ("expires_at") WHERE state = 'done';--> statement-breakpoint
CREATE INDEX "audit_streams_due" ON "audit_streams" USING btree ("next_attempt_at") WHERE state = 'active';--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "exports" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("exports"."tenant_id" = public.current_tenant()) WITH CHECK ("exports"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "engine_access" ON "exports" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "eraser_access" ON "exports" AS PERMISSIVE FOR ALL TO "tenantry_eraser" USING ("exports"."tenant_id" in (select d.tenant_id from public.tenant_deletions d where d.closed_at is not null and d.finished_at is null)) WITH CHECK ("exports"."tenant_id" in (select d.tenant_id from public.tenant_deletions d where d.closed_at is not null and d.finished_at is null));--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "audit_streams" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("audit_streams"."tenant_id" = public.current_tenant()) WITH CHECK ("audit_streams"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "engine_access" ON "audit_streams" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "eraser_access" ON "audit_streams" AS PERMISSIVE FOR ALL TO "tenantry_eraser" USING ("audit_streams"."tenant_id" in (select d.tenant_id from public.tenant_deletions d where d.closed_at is not null and d.finished_at is null)) WITH CHECK ("audit_streams"."tenant_id" in (select d.tenant_id from public.tenant_deletions d where d.closed_at is not null and d.finished_at is null));