CREATE TABLE "record_checkpoints" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"size" bigint NOT NULL,
	"note" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"published_at" timestamp with time zone,
	CONSTRAINT "record_checkpoints_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "record_checkpoints_size" UNIQUE("tenant_id","size")
);
--> statement-breakpoint
ALTER TABLE "record_checkpoints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "record_keys" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sealed_key" text NOT NULL,
	CONSTRAINT "record_keys_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "record_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "record_leaves" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sequence" bigint NOT NULL,
	"leaf" text NOT NULL,
	CONSTRAINT "record_leaves_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "record_leaves_sequence" UNIQUE("tenant_id","sequence")
);
--> statement-breakpoint
ALTER TABLE "record_leaves" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "record_progress" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"cluster" text NOT NULL,
	"done" text NOT NULL,
	"target" text,
	"after_transaction" text,
	"after_id" uuid,
	"moved_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_signers" (
	"public_key" text PRIMARY KEY NOT NULL,
	"first_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_tiles" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"level" smallint NOT NULL,
	"position" bigint NOT NULL,
	"hashes" "bytea" NOT NULL,
	CONSTRAINT "record_tiles_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "record_tiles_place" UNIQUE("tenant_id","level","position")
);
--> statement-breakpoint
ALTER TABLE "record_tiles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "record_trees" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"origin" text NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"frontier" "bytea" NOT NULL,
	"grown_at" timestamp with time zone DEFAULT now() NOT NULL,
	"checkpoint_size" bigint DEFAULT 0 NOT NULL,
	"checkpoint_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"failure" text,
	CONSTRAINT "record_trees_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "record_trees" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "record_waiting" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"reason" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "record_waiting_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "record_waiting" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "written_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
CREATE INDEX "record_checkpoints_unpublished" ON "record_checkpoints" USING btree ("id") WHERE published_at is null;--> statement-breakpoint
CREATE INDEX "record_trees_due" ON "record_trees" USING btree ("grown_at") WHERE size > checkpoint_size or failures > 0;--> statement-breakpoint
CREATE INDEX "record_waiting_due" ON "record_waiting" USING btree ("retry_at");--> statement-breakpoint
CREATE INDEX "audit_events_written" ON "audit_events" USING btree ("written_in","id");--> statement-breakpoint
CREATE POLICY "engine_access" ON "audit_events" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "record_checkpoints" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("record_checkpoints"."tenant_id" = public.current_tenant()) WITH CHECK ("record_checkpoints"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "record_checkpoints" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "engine_access" ON "record_checkpoints" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "record_keys" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("record_keys"."tenant_id" = public.current_tenant()) WITH CHECK ("record_keys"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "record_leaves" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("record_leaves"."tenant_id" = public.current_tenant()) WITH CHECK ("record_leaves"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "engine_access" ON "record_leaves" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "record_tiles" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("record_tiles"."tenant_id" = public.current_tenant()) WITH CHECK ("record_tiles"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "engine_access" ON "record_tiles" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "record_trees" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("record_trees"."tenant_id" = public.current_tenant()) WITH CHECK ("record_trees"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "record_trees" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "engine_access" ON "record_trees" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "record_waiting" AS PERMISSIVE FOR ALL TO "tenantry_app" USING ("record_waiting"."tenant_id" = public.current_tenant()) WITH CHECK ("record_waiting"."tenant_id" = (select public.current_tenant()));--> statement-breakpoint
CREATE POLICY "platform_access" ON "record_waiting" AS PERMISSIVE FOR ALL TO "tenantry_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "engine_access" ON "record_waiting" AS PERMISSIVE FOR ALL TO "tenantry_engine" USING (true) WITH CHECK (true);