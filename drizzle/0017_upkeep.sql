CREATE TABLE "connection_incidents" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"connection_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"told_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"recovery_told_at" timestamp with time zone,
	CONSTRAINT "connection_incidents_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "connection_incidents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "provider_app_doubts" (
	"provider" text NOT NULL,
	"code" text NOT NULL,
	"tenant_id" uuid NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "provider_app_doubts_pkey" PRIMARY KEY("provider","code","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "provider_app_faults" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"code" text,
	"area" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen" integer DEFAULT 1 NOT NULL,
	"probe_at" timestamp with time zone NOT NULL,
	"probes" integer DEFAULT 0 NOT NULL,
	"cleared_at" timestamp with time zone,
	"recovery_told_at" timestamp with time zone
);
--> statement-breakpoint
DROP INDEX "provider_budgets_connection";--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "refresh_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "refresh_retry_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "provider_budgets" ADD COLUMN "dimension" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "provider_budgets" ADD COLUMN "slowed_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "connection_incidents" ADD CONSTRAINT "connection_incidents_tenant_id_connection_id_connections_tenant_id_id_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "connection_incidents_open" ON "connection_incidents" USING btree ("tenant_id","connection_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "connection_incidents_list" ON "connection_incidents" USING btree ("tenant_id","connection_id","since");--> statement-breakpoint
CREATE UNIQUE INDEX "provider_app_faults_open" ON "provider_app_faults" USING btree ("provider") WHERE cleared_at is null;--> statement-breakpoint
CREATE INDEX "provider_app_faults_since" ON "provider_app_faults" USING btree ("since");--> statement-breakpoint
CREATE INDEX "connections_unsteady" ON "connections" USING btree ("state_changed_at") WHERE state = 'degraded';--> statement-breakpoint
CREATE INDEX "credentials_ending" ON "credentials" USING btree ("access_expires_at");--> statement-breakpoint
CREATE INDEX "credentials_resting" ON "credentials" USING btree ("updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "provider_budgets_dimension" ON "provider_budgets" USING btree ("tenant_id","connection_id","dimension");--> statement-breakpoint
CREATE POLICY "engine_access" ON "connections" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "engine_access" ON "credentials" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "connection_incidents" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("connection_incidents"."tenant_id" = public.current_tenant()) WITH CHECK ("connection_incidents"."tenant_id" = (select public.current_tenant()));