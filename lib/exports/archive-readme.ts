/** For whoever opens the archive in ten years. */
export const readme = `Everything that an organisation had in Tenantry at one moment.

tables/<name>.jsonl   the records of a table, one JSON object to a line, in the order of their ids;
                      the keys are the names of the columns, times are ISO 8601 with their offset,
                      bytes are hexadecimal after \\\\x
record/               the sealed audit record with its proofs; verify it with
                      "tenantry audit verify", or with other software for signed notes and
                      RFC 6962 proofs
manifest.json         the columns and types of each table; of each file its size, the number of its
                      records and its SHA-256; what was left out, and why

Credentials, keys and secrets are never part of an export: connections have to be consented to again.
`;
