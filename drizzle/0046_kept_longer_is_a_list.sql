-- What is no list would otherwise keep this installation from starting. As one that cannot be read it
-- goes on keeping everything until staff say it anew. The table's owner is subject to row security too;
-- the runner forces it again from the declarations in any case.
ALTER TABLE "tenant_limits" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "tenant_limits"
   SET "kept_longer" = jsonb_build_array(NULL, "kept_longer")
 WHERE jsonb_typeof("kept_longer") <> 'array';--> statement-breakpoint
ALTER TABLE "tenant_limits" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "tenant_limits" ADD CONSTRAINT "tenant_limits_kept_longer" CHECK (jsonb_typeof("tenant_limits"."kept_longer") = 'array');
