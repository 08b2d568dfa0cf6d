ALTER TABLE "run_steps" ADD COLUMN "carry" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "connection_id" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_tenant_id_connection_id_connections_tenant_id_id_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE restrict ON UPDATE no action;