/**
 * Reads what people send in a thread that stays, before anything is begun: a file of a megabyte can
 * take a second to read, and the server's loop has others to answer. One at a time, bounded in time
 * and memory; a thread that meets a bound is ended, and the next file gets another.
 */
import { Worker } from "node:worker_threads";
import { Failure } from "#base/failure.ts";
import type { ComposeOptions } from "./compose-options.ts";
import type { CompositionFacts, Inspected, Question, SongFacts } from "./inspect.ts";
import type { SongLimits } from "./song.ts";
import { explainDeath, THREAD_MEMORY } from "./thread.ts";
import { threadSource } from "./thread-source.ts";

/** Milliseconds that reading one file may take. */
const PATIENCE = 20_000;

/** Says what people sent, or refuses it. */
export interface Inspector {
  /** What a MIDI file holds. Rejects with `Failure` as `readSong`. */
  song(midi: Uint8Array, limits: SongLimits): Promise<SongFacts>;
  /** Checks what is asked for. Rejects with `Failure` as `parseComposeOptions`. */
  composition(options: ComposeOptions, seed: number): Promise<CompositionFacts>;
  /** Ends it. */
  dispose(): Promise<void>;
}

/** Reads in a thread, started when it is first needed. */
export class ThreadInspector implements Inspector {
  #worker: Worker | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  async song(midi: Uint8Array, limits: SongLimits): Promise<SongFacts> {
    const { facts } = await this.#ask({ kind: "song", midi, limits });
    return facts as SongFacts;
  }

  async composition(options: ComposeOptions, seed: number): Promise<CompositionFacts> {
    const { facts } = await this.#ask({ kind: "composition", options, seed });
    return facts as CompositionFacts;
  }

  async dispose(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(question: Question): Promise<Exclude<Inspected, { kind: "failed" }>> {
    const asked = this.#turn.then(() => this.#put(question));
    this.#turn = asked.catch(() => undefined); // who asked is told; the next one begins all the same
    return asked;
  }

  #put(question: Question): Promise<Exclude<Inspected, { kind: "failed" }>> {
    this.#worker ??= startThread();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(limit);
        // Each by itself: a worker listens to its own listeners, and all of them at once would make it deaf.
        worker.off("message", onAnswer).off("error", onError).off("exit", onExit);
        end();
      };
      const giveUp = (error: Error): void =>
        settle(() => {
          this.#worker = undefined;
          worker.terminate().then(() => reject(error), reject);
        });
      const onAnswer = (answer: Inspected): void =>
        settle(() => {
          if (answer.kind === "failed") reject(new Failure(answer.failure, answer.message));
          else resolve(answer);
        });
      const onError = (error: Error): void => giveUp(explainDeath(error));
      const onExit = (code: number): void =>
        giveUp(new Error(`the reading thread ended, code ${code}`));
      const limit = setTimeout(
        () => giveUp(new Failure("too-large", "The file takes too long to read; split it.")),
        PATIENCE,
      );
      worker.on("message", onAnswer).on("error", onError).on("exit", onExit);
      worker.postMessage(question);
    });
  }
}

function startThread(): Worker {
  const url = new URL("./inspect-worker.ts", import.meta.url);
  const worker = new Worker(threadSource(url), { resourceLimits: THREAD_MEMORY });
  worker.unref(); // an idle thread keeps no process alive
  return worker;
}
