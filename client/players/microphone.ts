/**
 * What the room sounds like, on the audio clock: a microphone as raw as the browser gives it, since what makes speech clear
 * moves and hides the beginnings of sounds. Open only as long as somebody listens.
 */
import { Emitter } from "#base/emitter.ts";
import { describeError, Failure } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { HeardSound } from "#engine/hardware/heard-sound.ts";
import type { HeardFrames } from "./microphone-worklet.ts";

/** What it needs of its surroundings. */
export interface MicrophoneParts {
  readonly context: AudioContext;
  /** Undefined where the page is not secure, or the browser has none. */
  readonly devices: Pick<MediaDevices, "getUserMedia"> | undefined;
  readonly isSecureContext: boolean;
}

/** Nothing that changes what is heard. */
const RAW: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** See the header. */
export class Microphone {
  readonly heard = new Emitter<HeardSound>();
  readonly #parts: MicrophoneParts;
  #module: Promise<void> | undefined;
  #close: (() => void) | undefined;
  /** How often it was opened or closed: what was asked for before that is of no use any more. */
  #turn = 0;

  constructor(parts: MicrophoneParts) {
    this.#parts = parts;
  }

  /** Asks for it; the browser may ask the person. Rejects with a `Failure`. True once it hears, false where it was closed before. */
  async open(): Promise<boolean> {
    this.close();
    const turn = this.#turn;
    const { context } = this.#parts;
    const stream = await this.#ask();
    const end = () => {
      for (const track of stream.getTracks()) track.stop();
    };
    try {
      this.#module ??= context.audioWorklet.addModule(
        new URL("./microphone-worklet.ts", import.meta.url),
      );
      await this.#module;
    } catch (error) {
      this.#module = undefined;
      end();
      throw failed(
        "unavailable",
        remark("microphone-failed", { reason: describeError(error) }),
        error,
      );
    }
    if (turn !== this.#turn) {
      end();
      return false;
    }
    const source = context.createMediaStreamSource(stream);
    const node = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<HeardFrames>) => {
      const { sampleRate: rate } = context;
      this.heard.emit({ samples: data.samples, rate, at: data.frame / rate });
    };
    source.connect(node);
    this.#close = () => {
      source.disconnect();
      node.port.close();
      end();
    };
    return true;
  }

  /** Lets it go. */
  close(): void {
    this.#turn++;
    this.#close?.();
    this.#close = undefined;
  }

  async #ask(): Promise<MediaStream> {
    const { devices, isSecureContext } = this.#parts;
    if (devices === undefined) {
      const why = isSecureContext ? "microphone-missing" : "microphone-insecure";
      throw failed("unsupported", remark(why, {}));
    }
    try {
      return await devices.getUserMedia({ audio: RAW });
    } catch (error) {
      throw failed("unavailable", refusal(error), error);
    }
  }
}

const failed = (kind: "unsupported" | "unavailable", told: Remark, cause?: unknown): Failure =>
  new Failure(kind, told, { cause });

/** Why there is none, by the names that the standard gives (Media Capture and Streams, section 10.2). */
function refusal(error: unknown): Remark {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return remark("microphone-forbidden", {});
    case "NotFoundError":
    case "OverconstrainedError":
      return remark("microphone-missing", {});
    case "NotReadableError":
    case "AbortError":
      return remark("microphone-held", {});
    default:
      return remark("microphone-failed", { reason: describeError(error) });
  }
}
