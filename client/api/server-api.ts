/** What the page asks of its server beside weights: which model plays, kits, rendering. */
import { Failure } from "#base/failure.ts";

/** A render's job as the server tells it (contract, section 4). */
interface Job {
  readonly id: string;
  readonly status: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly progress: number;
  readonly error?: string;
}

/** Milliseconds between two questions after a job's progress. */
const POLL_INTERVAL = 250;

/** Speaks with the server that served the page. */
export class ServerApi {
  readonly #base: URL;
  #defaultModel: string | undefined;

  /** @param base the page's own URL */
  constructor(base: URL) {
    this.#base = base;
  }

  /** Absolute URL of a path of the server. */
  url(path: string): string {
    return new URL(path, this.#base).href;
  }

  /** Id of the model that plays by default; asked once, so that all that a page opens is of one model. */
  async defaultModel(): Promise<string> {
    this.#defaultModel ??= await this.#askDefaultModel();
    return this.#defaultModel;
  }

  /** A text file of the server. */
  async text(path: string): Promise<string> {
    return await (await this.#fetch(path)).text();
  }

  /** A binary file of the server. */
  async bytes(path: string): Promise<ArrayBuffer> {
    return await (await this.#fetch(path)).arrayBuffer();
  }

  /**
   * Renders a MIDI file with the instrument's sounds.
   * @param onProgress takes the share done, 0-1
   */
  async render(
    midi: Uint8Array,
    format: "mp3" | "wav",
    onProgress: (share: number) => void,
  ): Promise<Blob> {
    const created = await this.#fetch(`/api/renders?format=${format}`, {
      method: "POST",
      headers: { "content-type": "audio/midi" },
      body: midi.slice(),
    });
    let job = (await created.json()) as Job;
    while (job.status === "queued" || job.status === "running") {
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
      job = (await (await this.#fetch(`/api/renders/${job.id}`)).json()) as Job;
      onProgress(job.progress);
    }
    if (job.status !== "done") {
      throw new Failure(
        "unavailable",
        job.error ?? "The rendering was cancelled; ask for it again.",
      );
    }
    return await (await this.#fetch(`/api/renders/${job.id}/audio`)).blob();
  }

  async #askDefaultModel(): Promise<string> {
    const answer = await this.#fetch("/api/models");
    const { default: id } = (await answer.json()) as { default: string | null };
    if (id === null) {
      throw new Failure(
        "not-found",
        "The server has no model: put one into presets/models and restart it.",
      );
    }
    return id;
  }

  async #fetch(path: string, init?: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.url(path), init);
    } catch (cause) {
      throw new Failure(
        "unavailable",
        "The server does not answer: check that it runs, then try again.",
        {
          cause,
        },
      );
    }
    if (response.ok) return response;
    throw new Failure("unavailable", await problemOf(response, path));
  }
}

/** The sentence of a problem+json answer, or one of our own. */
async function problemOf(response: Response, path: string): Promise<string> {
  if (response.headers.get("content-type")?.includes("problem+json")) {
    const { detail, title } = (await response.json()) as { detail?: string; title?: string };
    if (detail !== undefined || title !== undefined) return detail ?? title ?? "";
  }
  return `The server answered ${response.status} for ${path}: reload the page.`;
}
