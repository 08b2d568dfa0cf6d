CREATE TABLE "support_requests" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"user_id" uuid NOT NULL,
	"staff_name" text NOT NULL,
	"reason" text NOT NULL,
	"ticket" text,
	"expires_at" timestamp with time zone NOT NULL,
	"decision" text,
	"decided_at" timestamp with time zone,
	"decided_by" uuid,
	"decided_name" text,
	"used_at" timestamp with time zone,
	CONSTRAINT "support_requests_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "support_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "support_sessions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"user_id" uuid NOT NULL,
	"staff_name" text NOT NULL,
	"staff_role" text NOT NULL,
	"reason" text NOT NULL,
	"ticket" text,
	"ends_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ending" text,
	"ended_name" text,
	"write_since" timestamp with time zone,
	"write_approved_name" text,
	CONSTRAINT "support_sessions_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "support_sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "support_settings" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"access" text NOT NULL,
	"changed_by" uuid NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "support_settings_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "support_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "support_views" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"support_session_id" uuid NOT NULL,
	"place" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "support_views_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "support_views" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "support_views" ADD CONSTRAINT "support_views_tenant_id_support_session_id_support_sessions_tenant_id_id_fk" FOREIGN KEY ("tenant_id","support_session_id") REFERENCES "public"."support_sessions"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "support_requests_list" ON "support_requests" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "support_sessions_list" ON "support_sessions" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "support_sessions_open" ON "support_sessions" USING btree ("tenant_id","ends_at") WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "support_settings_tenant" ON "support_settings" USING btree ("tenant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "support_views_place" ON "support_views" USING btree ("tenant_id","support_session_id","place");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "support_requests" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("support_requests"."tenant_id" = public.current_tenant()) WITH CHECK ("support_requests"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "support_requests" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "support_sessions" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("support_sessions"."tenant_id" = public.current_tenant()) WITH CHECK ("support_sessions"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "identity_access" ON "support_sessions" AS PERMISSIVE FOR ALL TO "tenantry_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "platform_access" ON "support_sessions" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "support_settings" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("support_settings"."tenant_id" = public.current_tenant()) WITH CHECK ("support_settings"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "support_settings" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "support_views" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("support_views"."tenant_id" = public.current_tenant()) WITH CHECK ("support_views"."tenant_id" = (select public.current_tenant()));