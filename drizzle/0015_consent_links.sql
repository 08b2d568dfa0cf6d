CREATE TABLE "consent_links" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"connection_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"for_email" text NOT NULL,
	"message" text,
	"scopes" text[] DEFAULT '{}' NOT NULL,
	"made_by" uuid NOT NULL,
	"campaign_id" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone,
	"used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "consent_links_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "consent_links" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "consent_requests" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "consent_requests" ADD COLUMN "link_id" uuid;--> statement-breakpoint
ALTER TABLE "consent_requests" ADD COLUMN "step" text DEFAULT 'authorization' NOT NULL;--> statement-breakpoint
ALTER TABLE "consent_requests" ADD COLUMN "organization" text;--> statement-breakpoint
ALTER TABLE "consent_links" ADD CONSTRAINT "consent_links_tenant_id_connection_id_connections_tenant_id_id_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consent_links_connection" ON "consent_links" USING btree ("tenant_id","connection_id","created_at");--> statement-breakpoint
CREATE INDEX "consent_links_campaign" ON "consent_links" USING btree ("tenant_id","campaign_id") WHERE campaign_id is not null;--> statement-breakpoint
CREATE INDEX "consent_links_by_token" ON "consent_links" USING btree ("token_hash");--> statement-breakpoint
ALTER TABLE "consent_requests" ADD CONSTRAINT "consent_requests_tenant_id_link_id_consent_links_tenant_id_id_fk" FOREIGN KEY ("tenant_id","link_id") REFERENCES "public"."consent_links"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consent_requests_link" ON "consent_requests" USING btree ("tenant_id","link_id");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "consent_links" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("consent_links"."tenant_id" = public.current_tenant()) WITH CHECK ("consent_links"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "identity_access" ON "consent_links" AS PERMISSIVE FOR ALL TO "tenantry_identity" USING (true) WITH CHECK (true);