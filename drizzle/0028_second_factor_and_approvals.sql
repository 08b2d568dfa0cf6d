CREATE TABLE "approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"tenant_id" uuid,
	"subject" jsonb NOT NULL,
	"reason" text NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision" text,
	"note" text,
	"carried_out_at" timestamp with time zone,
	"outcome" text,
	"failure" text,
	"told_at" timestamp with time zone,
	CONSTRAINT "approvals_two_persons" CHECK ("approvals"."decided_by" <> "approvals"."asked_by"),
	CONSTRAINT "approvals_decided" CHECK (("approvals"."decided_by" is null) = ("approvals"."decision" is null)
          and ("approvals"."decided_at" is null) = ("approvals"."decision" is null)
          and ("approvals"."carried_out_at" is null or "approvals"."decision" = 'approved'))
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"user_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recovery_codes_key" UNIQUE("user_id","digest")
);
--> statement-breakpoint
CREATE TABLE "second_factors" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"sealed_secret" text NOT NULL,
	"key_encryption_key_id" text NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint DEFAULT 0 NOT NULL,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_factors" ADD CONSTRAINT "second_factors_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_open" ON "approvals" USING btree ("expires_at") WHERE decided_at is null;--> statement-breakpoint
CREATE INDEX "approvals_untold" ON "approvals" USING btree ("id") WHERE told_at is null;--> statement-breakpoint
CREATE INDEX "approvals_tenant" ON "approvals" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "second_factors_key" ON "second_factors" USING btree ("key_encryption_key_id");