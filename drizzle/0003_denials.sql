CREATE TABLE "alert_mails" (
	"alert_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "alert_mails_pkey" PRIMARY KEY("alert_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"subject" uuid NOT NULL,
	"tenant_id" uuid,
	"user_id" uuid,
	"actor_name" text,
	"actor_email" text,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"denials" integer NOT NULL,
	"tenants" integer NOT NULL,
	"counted" integer DEFAULT 0 NOT NULL,
	"counted_until" timestamp with time zone NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" uuid,
	"acknowledged_name" text,
	"note" text
);
--> statement-breakpoint
DROP INDEX "tenant_access_logs_list";--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "minute" timestamp with time zone DEFAULT date_trunc('minute', now()) NOT NULL;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "digest" text DEFAULT gen_random_uuid()::text NOT NULL;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "actor_name" text;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "actor_email" text;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "user_agent" text;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "last_request_id" text;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "last_seen_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "times" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD COLUMN "overflow" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "alert_mails" ADD CONSTRAINT "alert_mails_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_mails_sent" ON "alert_mails" USING btree ("user_id","sent_at");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open" ON "alerts" USING btree ("rule","subject") WHERE acknowledged_at is null;--> statement-breakpoint
CREATE INDEX "alerts_past" ON "alerts" USING btree ("rule","subject","acknowledged_at");--> statement-breakpoint
CREATE INDEX "tenant_access_logs_reason" ON "tenant_access_logs" USING btree ("tenant_id","reason","id");--> statement-breakpoint
CREATE INDEX "tenant_access_logs_actor" ON "tenant_access_logs" USING btree ("tenant_id","user_id","id");--> statement-breakpoint
CREATE INDEX "tenant_access_logs_request" ON "tenant_access_logs" USING btree ("tenant_id","request_id");--> statement-breakpoint
CREATE INDEX "tenant_access_logs_all" ON "tenant_access_logs" USING btree ("id");--> statement-breakpoint
CREATE INDEX "tenant_access_logs_person" ON "tenant_access_logs" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "tenant_access_logs_minute" ON "tenant_access_logs" USING btree ("minute");--> statement-breakpoint
-- What is on record already: row security is forced, so an UPDATE would find no row; rewriting does.
ALTER TABLE "tenant_access_logs"
  ALTER COLUMN "minute" TYPE timestamp with time zone USING date_trunc('minute', "created_at"),
  ALTER COLUMN "last_seen_at" TYPE timestamp with time zone USING "created_at";--> statement-breakpoint
ALTER TABLE "tenant_access_logs" ADD CONSTRAINT "tenant_access_logs_repeat" UNIQUE("tenant_id","minute","digest");