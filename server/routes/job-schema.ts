/** The form in which a job is told (contract, section 4). */
const FILE = {
  type: "object",
  required: ["name", "type", "bytes", "url"],
  properties: {
    name: { type: "string" },
    type: { type: "string", description: "media type" },
    bytes: { type: "integer" },
    url: { type: "string" },
  },
} as const;

/** JSON Schema of a job. */
export const JOB = {
  type: "object",
  required: ["id", "status", "progress", "remarks", "url", "events", "files"],
  properties: {
    id: { type: "string" },
    status: { type: "string", enum: ["queued", "running", "done", "failed", "cancelled"] },
    progress: { type: "number", minimum: 0, maximum: 1 },
    error: { type: "string", description: "what went wrong and what to do, one sentence" },
    remarks: {
      type: "array",
      items: { type: "string" },
      description: "what of the file sent is damaged or left out, one sentence each",
    },
    url: { type: "string" },
    events: { type: "string", description: "server-sent events" },
    files: { type: "array", items: FILE },
  },
} as const;
