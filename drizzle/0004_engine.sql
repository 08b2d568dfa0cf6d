CREATE SCHEMA "engine";
--> statement-breakpoint
CREATE TABLE "engine"."crons" (
	"function_id" text NOT NULL,
	"expression" text NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "crons_pkey" PRIMARY KEY("function_id","expression")
);
--> statement-breakpoint
CREATE TABLE "engine"."dedupe" (
	"function_id" text NOT NULL,
	"key" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dedupe_pkey" PRIMARY KEY("function_id","key")
);
--> statement-breakpoint
CREATE TABLE "engine"."events" (
	"id" text PRIMARY KEY NOT NULL,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "engine"."events_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"payload" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"routed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "engine"."runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"function_id" text NOT NULL,
	"event_id" text NOT NULL,
	"event" text NOT NULL,
	"tenant" text NOT NULL,
	"lane" text NOT NULL,
	"cancel_keys" text[],
	"state" text DEFAULT 'active' NOT NULL,
	"wake_at" timestamp with time zone,
	"attempt" integer DEFAULT 0 NOT NULL,
	"width" integer DEFAULT 1 NOT NULL,
	"worker" integer,
	"slots" integer DEFAULT 0 NOT NULL,
	"fence" integer DEFAULT 0 NOT NULL,
	"losses" integer DEFAULT 0 NOT NULL,
	"output" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "engine"."steps" (
	"run_id" uuid NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"position" integer NOT NULL,
	"value" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	CONSTRAINT "steps_pkey" PRIMARY KEY("run_id","id")
);
--> statement-breakpoint
CREATE TABLE "engine"."throttles" (
	"function_id" text NOT NULL,
	"key" text NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "throttles_pkey" PRIMARY KEY("function_id","key")
);
--> statement-breakpoint
CREATE TABLE "engine"."workers" (
	"id" integer PRIMARY KEY NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "dedupe_seen" ON "engine"."dedupe" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "events_unrouted" ON "engine"."events" USING btree ("sequence") WHERE routed_at is null;--> statement-breakpoint
CREATE INDEX "events_received" ON "engine"."events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "runs_ready" ON "engine"."runs" USING btree ("function_id","lane","wake_at") WHERE worker is null and wake_at is not null;--> statement-breakpoint
CREATE INDEX "runs_held" ON "engine"."runs" USING btree ("worker") WHERE worker is not null;--> statement-breakpoint
CREATE INDEX "runs_cancel" ON "engine"."runs" USING gin ("cancel_keys") WHERE wake_at is not null;--> statement-breakpoint
CREATE INDEX "runs_event" ON "engine"."runs" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "runs_ended" ON "engine"."runs" USING btree ("ended_at") WHERE ended_at is not null;