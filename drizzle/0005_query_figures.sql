CREATE TABLE "query_hours" (
	"hour" timestamp with time zone NOT NULL,
	"fingerprint" text NOT NULL,
	"tenant_id" uuid,
	"count" bigint NOT NULL,
	"failed" bigint NOT NULL,
	"total_ms" double precision NOT NULL,
	"max_ms" double precision NOT NULL,
	"waited_ms" double precision NOT NULL,
	"rows" bigint NOT NULL,
	"buckets" integer[] NOT NULL,
	CONSTRAINT "query_hours_key" UNIQUE NULLS NOT DISTINCT("hour","fingerprint","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "query_texts" (
	"fingerprint" text PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"text" text NOT NULL,
	"tables" text[] NOT NULL,
	"unbound" text[] NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "query_hours_query" ON "query_hours" USING btree ("fingerprint","hour");--> statement-breakpoint
CREATE INDEX "query_texts_seen" ON "query_texts" USING btree ("seen_at");