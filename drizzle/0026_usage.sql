CREATE TABLE "load_queues" (
	"minute" timestamp with time zone NOT NULL,
	"tenant_id" uuid NOT NULL,
	"waiting" integer NOT NULL,
	"oldest_wait_ms" bigint NOT NULL,
	CONSTRAINT "load_queues_pkey" PRIMARY KEY("minute","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "load_samples" (
	"minute" timestamp with time zone PRIMARY KEY NOT NULL,
	"requests" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"request_ms" bigint DEFAULT 0 NOT NULL,
	"waiting" integer,
	"held" integer,
	"scheduled" integer,
	"oldest_wait_ms" bigint,
	"workers" integer
);
--> statement-breakpoint
CREATE TABLE "usage_hours" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"runs" integer NOT NULL,
	"steps" integer NOT NULL,
	"provider_calls" integer NOT NULL,
	"effects" integer NOT NULL,
	"active_members" uuid[] NOT NULL,
	"storage_bytes" bigint NOT NULL,
	"counted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "usage_hours_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "usage_hours" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "usage_states" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"counted_until" timestamp with time zone,
	"storage_bytes" bigint,
	"storage_measured_at" timestamp with time zone,
	"at_limit" text DEFAULT 'refuse' NOT NULL,
	CONSTRAINT "usage_states_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "usage_states" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "usage_warnings" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"limit_key" text NOT NULL,
	"month" timestamp with time zone NOT NULL,
	"percent" integer NOT NULL,
	CONSTRAINT "usage_warnings_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "usage_warnings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "load_queues_tenant" ON "load_queues" USING btree ("tenant_id","minute");--> statement-breakpoint
CREATE UNIQUE INDEX "usage_hours_hour" ON "usage_hours" USING btree ("tenant_id","hour");--> statement-breakpoint
CREATE UNIQUE INDEX "usage_states_tenant" ON "usage_states" USING btree ("tenant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "usage_warnings_once" ON "usage_warnings" USING btree ("tenant_id","limit_key","month","percent");--> statement-breakpoint
CREATE INDEX "effects_finished" ON "effects" USING btree ("tenant_id","finished_at");--> statement-breakpoint
CREATE INDEX "run_steps_begun" ON "run_steps" USING btree ("tenant_id","started_at");--> statement-breakpoint
CREATE INDEX "runs_unfinished" ON "runs" USING btree (coalesce("created_at")) WHERE (state || '') in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "connections_broken" ON "connections" USING btree (coalesce("state_changed_at")) WHERE (state || '') in ('needs_scopes', 'needs_reconsent', 'blocked_by_policy');--> statement-breakpoint
CREATE INDEX "provider_calls_hour" ON "provider_calls" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE POLICY "engine_access" ON "runs" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "usage_hours" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("usage_hours"."tenant_id" = public.current_tenant()) WITH CHECK ("usage_hours"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "usage_hours" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "usage_states" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("usage_states"."tenant_id" = public.current_tenant()) WITH CHECK ("usage_states"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "usage_states" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "usage_warnings" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("usage_warnings"."tenant_id" = public.current_tenant()) WITH CHECK ("usage_warnings"."tenant_id" = (select public.current_tenant()));