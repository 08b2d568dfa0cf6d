CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"authority" text NOT NULL,
	"scopes" text[] NOT NULL,
	"message" text NOT NULL,
	"deadline" timestamp with time zone NOT NULL,
	"remind_every_days" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid NOT NULL,
	"created_name" text NOT NULL,
	"stopped_at" timestamp with time zone,
	"stopped_name" text
);
--> statement-breakpoint
CREATE TABLE "reconsent_requests" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"campaign_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"scopes" text[] NOT NULL,
	"message" text NOT NULL,
	"deadline" timestamp with time zone NOT NULL,
	"remind_every_days" integer NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_name" text NOT NULL,
	"next_mail_at" timestamp with time zone DEFAULT now(),
	"mails" integer DEFAULT 0 NOT NULL,
	"last_mail_at" timestamp with time zone,
	"stopped_at" timestamp with time zone,
	CONSTRAINT "reconsent_requests_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "reconsent_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "reconsent_requests" ADD CONSTRAINT "reconsent_requests_tenant_id_connection_id_connections_tenant_id_id_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "reconsent_requests_once" ON "reconsent_requests" USING btree ("tenant_id","campaign_id","connection_id");--> statement-breakpoint
CREATE INDEX "reconsent_requests_of_connection" ON "reconsent_requests" USING btree ("tenant_id","connection_id");--> statement-breakpoint
CREATE INDEX "reconsent_requests_of_campaign" ON "reconsent_requests" USING btree ("campaign_id");--> statement-breakpoint
CREATE INDEX "reconsent_requests_due" ON "reconsent_requests" USING btree ("next_mail_at") WHERE next_mail_at is not null;--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "reconsent_requests" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("reconsent_requests"."tenant_id" = public.current_tenant()) WITH CHECK ("reconsent_requests"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "reconsent_requests" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "engine_access" ON "reconsent_requests" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);