/**
 * `npm run bench -- hour [--model FOLDER] [--minutes N] [--seed N]`: a jam in Node on the real model while hands move at
 * random, in simulated time (paced-jam.ts): gaps, ruts, obedience to what was asked, memory, and how much the journal writes.
 * Five minutes by default; 60 is the hour. One row a minute, the last line JSON.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Failure } from "#base/failure.ts";
import { Composer } from "#engine/compose/composer.ts";
import { openModel } from "#engine/compose/open-model.ts";
import type { Session } from "#engine/jam/session.ts";
import { ChunkWriter } from "#engine/journal/chunks.ts";
import { folderSource } from "../../../server/folder-source.ts";
import type { Benchmark } from "../benchmark.ts";
import { SHIPPED_MODEL } from "../shipped-model.ts";
import { Hands } from "./hands.ts";
import { obedienceOf } from "./orders-kept.ts";
import { pacedJam } from "./paced-jam.ts";

/** Seconds from one chunk of the journal to the next. */
const WRITTEN_EVERY = 0.9;

const MEGABYTE = 1024 * 1024;

export const hourBenchmark: Benchmark = {
  usage: "[--model FOLDER] [--minutes N] [--seed N]",
  async run(args, report) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        model: { type: "string", default: SHIPPED_MODEL },
        minutes: { type: "string", default: "5" },
        seed: { type: "string", default: "1" },
      },
    });
    const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
    if (!(minutes > 0) || !Number.isInteger(seed))
      throw new Failure("usage", "--minutes is a number above 0, --seed a whole one.");
    const { manifest, decoder } = await openModel(folderSource(values.model), { prefer: "wasm" });
    const jam = pacedJam(new Composer(decoder, manifest.tokenization), seed);
    const { session } = jam;
    session.modelLoaded({ id: manifest.id, parameters: 0, reasons: [] }, decoder.backend);
    await session.play();
    const watch = new Watch(jam);
    const hands = new Hands(session, seed);
    const rows: MinuteRow[] = [];
    for (let minute = 1; minute <= Math.ceil(minutes); minute++) {
      const end = 60 * Math.min(minute, minutes);
      while (jam.now() < end && session.state.phase !== "failed") {
        await jam.tick();
        hands.tick(jam.now());
        watch.look();
      }
      rows.push(watch.minute(minute));
      report(rowOf(rows[rows.length - 1]));
    }
    jam.dispose();
    decoder.dispose();
    const kept = obedienceOf(session, jam.source.record.orders);
    const measured = { ...kept, escapes: session.state.escapes, moves: hands.moves };
    const json = {
      ...{ benchmark: "hour", model: manifest.id, version: manifest.version, minutes, seed },
      ...{ phase: session.state.phase, rows, ...measured },
    };
    return { table: [...rows.map(rowOf), JSON.stringify(measured)], json };
  },
};

/** What a minute was like. */
interface MinuteRow {
  readonly minute: number;
  /** Times that all that lay ahead was used up, and seconds it took in all. */
  readonly gaps: number;
  readonly silent: number;
  /** Seconds ahead, the least while it played. */
  readonly leastAhead: number;
  readonly retakes: number;
  /** MB of the heap once garbage is gone, and of the process. */
  readonly heap: number;
  readonly resident: number;
  /** KB that the journal wrote in the minute. */
  readonly written: number;
}

const rowOf = (row: MinuteRow): string =>
  `minute ${row.minute}: ${row.gaps} gaps (${row.silent} s), at least ${row.leastAhead} s ahead, ` +
  `${row.retakes} retakes, heap ${row.heap} MB of ${row.resident} MB, journal ${row.written} KB`;

/** Looks at a jam at each tick. */
class Watch {
  readonly #jam: ReturnType<typeof pacedJam>;
  readonly #writer = new ChunkWriter();
  #phase: Session["state"]["phase"] = "gathering";
  #hasPlayed = false;
  #written = { at: 0, bytes: 0 };
  #orders = 0;
  #minute = { gaps: 0, silent: 0, leastAhead: Number.POSITIVE_INFINITY };
  #looked = 0;

  constructor(jam: ReturnType<typeof pacedJam>) {
    this.#jam = jam;
  }

  look(): void {
    const { session, now } = this.#jam;
    const { phase, ahead } = session.state;
    const passed = now() - this.#looked;
    this.#looked = now();
    if (phase === "gathering" && this.#hasPlayed) {
      if (this.#phase === "playing") this.#minute.gaps++;
      this.#minute.silent += passed;
    }
    if (phase === "playing") {
      this.#hasPlayed = true;
      this.#minute.leastAhead = Math.min(this.#minute.leastAhead, ahead);
    }
    this.#phase = phase;
    if (now() - this.#written.at >= WRITTEN_EVERY) this.#write();
  }

  minute(minute: number): MinuteRow {
    const { orders } = this.#jam.source.record;
    const { gaps, silent, leastAhead } = this.#minute;
    const retakes = orders.length - this.#orders;
    this.#orders = orders.length;
    this.#minute = { gaps: 0, silent: 0, leastAhead: Number.POSITIVE_INFINITY };
    const written = Math.round(this.#written.bytes / 1024);
    this.#written.bytes = 0;
    return {
      ...{ minute, gaps, silent: rounded(silent), leastAhead: rounded(leastAhead), retakes },
      ...{ heap: heapInUse(), resident: inMegabytes(process.memoryUsage().rss), written },
    };
  }

  #write(): void {
    const { session, source, now } = this.#jam;
    const chunk = this.#writer.next({ ...session.heardSoFar, record: source.record });
    const bytes = chunk === undefined ? 0 : JSON.stringify(chunk).length;
    this.#written = { at: now(), bytes: this.#written.bytes + bytes };
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const inMegabytes = (bytes: number): number => Math.round((10 * bytes) / MEGABYTE) / 10;

/** Megabytes of the heap that something still holds. */
function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return inMegabytes(process.memoryUsage().heapUsed);
}
