CREATE TABLE "saved_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"owner_name" text NOT NULL,
	"name" text NOT NULL,
	"list" text NOT NULL,
	"query" text NOT NULL,
	"shared" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tenant_limits" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"automations" integer,
	"members" integer,
	"runs_at_once" integer,
	"runs_per_month" integer,
	"provider_budget_percent" integer,
	"retention_runs_days" integer,
	"retention_logs_days" integer,
	"retention_resources_days" integer,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenant_limits_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "tenant_limits_sane" CHECK ("tenant_limits"."automations" >= 0 and "tenant_limits"."members" >= 1 and "tenant_limits"."runs_at_once" >= 1
          and "tenant_limits"."runs_per_month" >= 0 and "tenant_limits"."provider_budget_percent" between 1 and 100
          and "tenant_limits"."retention_runs_days" >= 1 and "tenant_limits"."retention_logs_days" >= 1
          and "tenant_limits"."retention_resources_days" >= 1)
);
--> statement-breakpoint
ALTER TABLE "tenant_limits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tenant_notes" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"author_id" uuid NOT NULL,
	"author_name" text NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "tenant_notes_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "tenant_notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tenant_suspensions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"reason" text NOT NULL,
	"notice" text NOT NULL,
	"suspended_by" uuid NOT NULL,
	"suspended_name" text NOT NULL,
	"resumed_at" timestamp with time zone,
	"resumed_name" text,
	CONSTRAINT "tenant_suspensions_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "tenant_suspensions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "invited_as" text DEFAULT 'member' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "saved_views_name" ON "saved_views" USING btree ("owner_id","list","name");--> statement-breakpoint
CREATE UNIQUE INDEX "tenant_limits_one" ON "tenant_limits" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "tenant_notes_list" ON "tenant_notes" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tenant_suspensions_open" ON "tenant_suspensions" USING btree ("tenant_id") WHERE resumed_at is null;--> statement-breakpoint
CREATE INDEX "tenant_suspensions_list" ON "tenant_suspensions" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE POLICY "platform_access" ON "jobs" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "platform_access" ON "invitations" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenantry_engine_access" ON "tenants" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "tenant_limits" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("tenant_limits"."tenant_id" = public.current_tenant()) WITH CHECK ("tenant_limits"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "tenant_limits" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "engine_access" ON "tenant_limits" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "tenant_notes" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("tenant_notes"."tenant_id" = public.current_tenant()) WITH CHECK ("tenant_notes"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "tenant_notes" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "tenant_suspensions" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("tenant_suspensions"."tenant_id" = public.current_tenant()) WITH CHECK ("tenant_suspensions"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "tenant_suspensions" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);