/**
 * What a controller is shown: motor faders and rings follow by the messages they send themselves, pads are lit by note ons.
 * A message goes out only where the controller shows something else, as far as is known of it; what the hand just moved
 * there is known.
 */
import { type ControlMove, type ControlSource, FINEST, LOWER_HALF } from "./control-source.ts";
import { HEARD_CONTROLLERS } from "./heard-message.ts";
import type { Mapping, MappingBoard } from "./mapping.ts";
import { shownShare, type Target } from "./target.ts";

/** Velocities that light a pad: there to be pressed, and on. */
export interface Lights {
  readonly idle: number;
  readonly on: number;
}

/** Tables of pads' colours; the palette of Launchpads (Programmer's reference, Mini MK3 and X): white dim, green. */
export const LIGHTS = {
  plain: { idle: 0, on: 127 },
  launchpad: { idle: 1, on: 21 },
} as const satisfies Record<string, Lights>;

/** Bytes for a device's output. */
export interface FeedbackMessage {
  /** The name of the input that was learned. */
  readonly device: string;
  readonly data: readonly number[];
}

/** See the header. */
export class Feedback {
  /** What controls show, by device and control: of several targets that one moves the first. */
  #firsts: ReadonlyMap<string, Mapping>;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #lights: (device: string) => Lights;
  /** What each control shows, by device and control. */
  readonly #shown = new Map<string, number>();

  /** @param lights by the device's name */
  constructor(
    board: MappingBoard,
    targets: ReadonlyMap<string, Target>,
    lights: (device: string) => Lights,
  ) {
    this.#targets = targets;
    this.#lights = lights;
    this.#firsts = firstsOf(board.state);
    board.changed.on((mappings) => {
      this.#firsts = firstsOf(mappings);
    });
  }

  /** The hand moved controls: they stand there. */
  hear(device: string, moves: readonly ControlMove[]): void {
    for (const { source, share } of moves) {
      const { kind } = source;
      // A pad's light has nothing to do with its being down.
      if (kind !== "pad") this.#shown.set(placeOf(device, source), shownValue(source, share));
    }
  }

  /** A device came, and shows nothing yet. */
  forget(device: string): void {
    for (const place of [...this.#shown.keys()])
      if (place.startsWith(`${device}\n`)) this.#shown.delete(place);
  }

  /** What is to be sent now. */
  messages(): FeedbackMessage[] {
    return [...this.#firsts].flatMap(([place, { target, device, source }]) => {
      const moved = this.#targets.get(target);
      const share = moved && shownShare(moved);
      if (share === undefined) return [];
      const value = source.kind === "pad" ? this.#light(device, share) : shownValue(source, share);
      if (this.#shown.get(place) === value) return [];
      this.#shown.set(place, value);
      return messagesFor(source, value).map((data) => ({ device, data }));
    });
  }

  #light(device: string, share: number): number {
    const { idle, on } = this.#lights(device);
    return share >= 0.5 ? on : idle;
  }
}

const placeOf = (device: string, { kind, channel, number }: ControlSource): string =>
  `${device}\n${kind} ${channel} ${number}`;

function firstsOf(mappings: readonly Mapping[]): Map<string, Mapping> {
  const firsts = new Map<string, Mapping>();
  for (const mapping of mappings) {
    const place = placeOf(mapping.device, mapping.source);
    if (!firsts.has(place)) firsts.set(place, mapping);
  }
  return firsts;
}

const isFine = ({ kind }: ControlSource): boolean =>
  kind === "pair" || kind === "parameter" || kind === "bend";

const shownValue = (source: ControlSource, share: number): number =>
  Math.round(share * (isFine(source) ? FINEST : 127));

/** The messages by which a control shows a value. */
function messagesFor({ kind, channel, number }: ControlSource, value: number): number[][] {
  const control = (controller: number, byte: number) => [0xb0 | channel, controller, byte];
  switch (kind) {
    case "controller":
      return [control(number, value)];
    case "pair":
      return [control(number, value >> 7), control(number + LOWER_HALF, value & 127)];
    case "parameter":
      return [
        control(HEARD_CONTROLLERS.unregisteredCoarse, number >> 7),
        control(HEARD_CONTROLLERS.unregisteredFine, number & 127),
        control(HEARD_CONTROLLERS.dataCoarse, value >> 7),
        control(HEARD_CONTROLLERS.dataFine, value & 127),
      ];
    case "bend":
      return [[0xe0 | channel, value & 127, value >> 7]];
    case "pad":
      return [[0x90 | channel, number, value]];
    case "program":
      return [];
  }
}
