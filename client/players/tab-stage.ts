/**
 * One tab sounds at a time: two would play over each other. A tab that begins to play takes the
 * stage, a Web Lock (W3C Web Locks, ifAvailable and steal); where another tab has it, the person is
 * told, and asking again takes it over: the other tab stops. Browsers without locks (insecure pages)
 * let every tab play.
 */
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";

const NAME = "cadenza-stage";

/** Milliseconds within which a second asking means it. */
const INSISTS_WITHIN = 15_000;

/** The two options of `LockManager.request` that are needed. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean },
    hold: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** This tab's hold on the stage. */
export class TabStage {
  readonly #locks: Locks | undefined;
  readonly #now: () => number;
  readonly #lost: () => void;
  #leave: (() => void) | undefined;
  #refusedAt = Number.NEGATIVE_INFINITY;

  /** @param lost is called when another tab has taken over @param now milliseconds, of any origin */
  constructor(locks: Locks | undefined, lost: () => void, now: () => number) {
    this.#locks = locks;
    this.#lost = lost;
    this.#now = now;
  }

  /** Takes the stage. Rejects with `Failure` where another tab has it, the first time it is asked. */
  async enter(): Promise<void> {
    if (this.#locks === undefined || this.#leave !== undefined) return;
    const insists = this.#now() - this.#refusedAt < INSISTS_WITHIN;
    if (await this.#hold(insists ? { steal: true } : { ifAvailable: true })) return;
    this.#refusedAt = this.#now();
    throw new Failure("unavailable", remark("plays-elsewhere", {}));
  }

  /** Gives the stage free. */
  leave(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  /** Resolves to whether the lock is held now. */
  #hold(options: { ifAvailable?: boolean; steal?: boolean }): Promise<boolean> {
    const locks = this.#locks!;
    return new Promise((resolve) => {
      const kept = locks.request(NAME, options, (lock) => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        return new Promise<void>((leave) => {
          this.#leave = leave;
        });
      });
      // A stolen lock rejects: the other tab plays now.
      kept.catch(() => {
        if (this.#leave === undefined) return;
        this.#leave = undefined;
        this.#lost();
      });
    });
  }
}
