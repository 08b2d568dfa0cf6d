CREATE TABLE "trust_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"ok" boolean NOT NULL,
	"passed" integer NOT NULL,
	"failed" integer NOT NULL,
	"summary" jsonb NOT NULL,
	"document" jsonb,
	"version" text NOT NULL,
	"commit" text,
	"digest" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "trust_reports_digest_unique" UNIQUE("digest"),
	CONSTRAINT "trust_reports_document_size" CHECK (octet_length("trust_reports"."document"::text) <= 4000000)
);
--> statement-breakpoint
CREATE INDEX "trust_reports_latest" ON "trust_reports" USING btree ("kind","finished_at");