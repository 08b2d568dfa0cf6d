ALTER TABLE "vault_state" ADD COLUMN "key_store_id" uuid;--> statement-breakpoint
ALTER TABLE "vault_state" ADD COLUMN "rotation_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tenant_keys" DROP COLUMN "retired";