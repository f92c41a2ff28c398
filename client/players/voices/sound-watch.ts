/**
 * Sees to it that sound comes back. A phone call, another app or a changed device suspends the audio
 * context (iOS calls it "interrupted") and its time stands still; nothing starts it again by itself.
 * The next gesture does, or the return to the page, where browsers allow it. Resuming may also hang
 * for good (no output device) or be refused: the person is told.
 */
import { describeError, Failure, remarkOf } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";

/** The part of an `AudioContext` that can be taken away and come back. */
export interface Resumable extends EventTarget {
  readonly state: string;
  resume(): Promise<void>;
}

/** Where gestures and returns are heard of: the window and the document, but in tests. */
export interface SoundStage {
  readonly gestures: EventTarget;
  readonly page: EventTarget & { readonly visibilityState: string };
}

/** Milliseconds within which a resumed context runs, if it ever does: Bluetooth takes two seconds. */
const PATIENCE = 5000;

const GESTURES = ["pointerdown", "keydown", "touchend"];

const TAKEN_AWAY = remark("sound-taken-away", {});

/** Keeps one context running once it was wanted. */
export class SoundWatch {
  readonly #context: Resumable;
  readonly #patience: number;
  #tell: (told: Remark | undefined) => void = () => undefined;
  #wanted = false;
  #trying = false;

  /** @param patience milliseconds until a resuming that hangs is said to */
  constructor(context: Resumable, patience = PATIENCE) {
    this.#context = context;
    this.#patience = patience;
  }

  /** Begins to watch. @param tell takes what is the matter, and undefined once all is well again */
  watch({ gestures, page }: SoundStage, tell: (told: Remark | undefined) => void): void {
    this.#tell = tell;
    this.#context.addEventListener("statechange", () => this.#look());
    for (const kind of GESTURES) {
      gestures.addEventListener(kind, () => this.#comeBack(), { capture: true });
    }
    page.addEventListener("visibilitychange", () => {
      if (page.visibilityState === "visible") this.#comeBack();
    });
  }

  /** Lets the sound out; call it inside a user's gesture. Rejects with `Failure`. */
  async unlock(): Promise<void> {
    this.#wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hanging = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Failure("unavailable", remark("sound-hangs", {}))),
        this.#patience,
      );
    });
    try {
      await Promise.race([this.#context.resume(), hanging]);
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      const refused = remark("sound-refused", { reason: describeError(cause) });
      throw new Failure("unavailable", refused, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  get #away(): boolean {
    const { state } = this.#context;
    return this.#wanted && state !== "running" && state !== "closed";
  }

  #look(): void {
    this.#tell(this.#away ? TAKEN_AWAY : undefined);
  }

  async #comeBack(): Promise<void> {
    if (!this.#away || this.#trying) return;
    this.#trying = true;
    try {
      await this.unlock();
      this.#look();
    } catch (error) {
      this.#tell(remarkOf(error));
    } finally {
      this.#trying = false;
    }
  }
}
