CREATE TABLE "discovery_cursors" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"connection_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"cursor" text NOT NULL,
	"continued_in" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "discovery_cursors_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "discovery_cursors" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "authority" text DEFAULT 'delegated' NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "organization_name" text;--> statement-breakpoint
ALTER TABLE "resources" ADD COLUMN "scope" text;--> statement-breakpoint
ALTER TABLE "discovery_cursors" ADD CONSTRAINT "discovery_cursors_tenant_id_connection_id_connections_tenant_id_id_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "discovery_cursors_scope" ON "discovery_cursors" USING btree ("tenant_id","connection_id","scope");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "discovery_cursors" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("discovery_cursors"."tenant_id" = public.current_tenant()) WITH CHECK ("discovery_cursors"."tenant_id" = (select public.current_tenant()));