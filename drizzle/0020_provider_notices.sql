CREATE TABLE "provider_notices" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"connection_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"event" text NOT NULL,
	"handled_at" timestamp with time zone,
	"outcome" text,
	CONSTRAINT "provider_notices_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "provider_notices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"key" text PRIMARY KEY NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"handled_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_subscriptions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"connection_id" uuid NOT NULL,
	"subscription_id" text NOT NULL,
	"secret_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"renew_at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_subscriptions_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "webhook_subscriptions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "provider_notices" ADD CONSTRAINT "provider_notices_tenant_id_connection_id_connections_tenant_id_id_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_subscriptions" ADD CONSTRAINT "webhook_subscriptions_tenant_id_connection_id_connections_tenant_id_id_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_notices_connection" ON "provider_notices" USING btree ("tenant_id","connection_id","created_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_expiry" ON "webhook_deliveries" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_subscriptions_connection" ON "webhook_subscriptions" USING btree ("tenant_id","connection_id");--> statement-breakpoint
CREATE INDEX "webhook_subscriptions_provider_id" ON "webhook_subscriptions" USING btree ("subscription_id");--> statement-breakpoint
CREATE INDEX "webhook_subscriptions_due" ON "webhook_subscriptions" USING btree ("renew_at");--> statement-breakpoint
CREATE INDEX "connections_organization" ON "connections" USING btree ("provider","provider_tenant");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "provider_notices" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("provider_notices"."tenant_id" = public.current_tenant()) WITH CHECK ("provider_notices"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "webhook_subscriptions" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("webhook_subscriptions"."tenant_id" = public.current_tenant()) WITH CHECK ("webhook_subscriptions"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "engine_access" ON "webhook_subscriptions" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);