/**
 * Makes moves of controls out of one controller's messages. A message may move two: a controller may stand alone or be
 * half of a pair of 14 bits (MIDI 1.0: numbers 0-31 with 32-63), and which it is only who learned it knows.
 */
import { type ControlMove, FINEST, LOWER_HALF } from "./control-source.ts";
import { HEARD_CONTROLLERS, type HeardMessage } from "./heard-message.ts";

/** What is known of a channel. */
interface Channel {
  /** Upper halves heard last, by their controllers. */
  readonly coarse: Map<number, number>;
  /** The unregistered parameter that data goes to; undefined while it goes to none. */
  parameter: { coarse: number; fine: number } | undefined;
  data: number;
}

/** See the header. */
export class ControlReader {
  readonly #channels = new Map<number, Channel>();

  /** The moves that a message is; none for most that keys send. */
  read(message: HeardMessage): readonly ControlMove[] {
    const { channel } = message;
    switch (message.kind) {
      case "note-on":
        return [
          {
            source: { kind: "pad", channel, number: message.pitch },
            share: message.velocity / 127,
            value: message.velocity,
          },
        ];
      case "note-off":
        return [{ source: { kind: "pad", channel, number: message.pitch }, share: 0, value: 0 }];
      case "program":
        return [
          { source: { kind: "program", channel, number: message.program }, share: 1, value: 127 },
        ];
      case "bend": {
        const share = (message.value + 1) / 2;
        return [
          { source: { kind: "bend", channel, number: 0 }, share, value: Math.round(127 * share) },
        ];
      }
      case "controller":
        return this.#control(channel, message.controller, message.value);
      default:
        return [];
    }
  }

  #control(channel: number, controller: number, value: number): readonly ControlMove[] {
    const heard = this.#channel(channel);
    switch (controller) {
      case HEARD_CONTROLLERS.unregisteredCoarse:
        heard.parameter = { coarse: value, fine: heard.parameter?.fine ?? 0 };
        return [];
      case HEARD_CONTROLLERS.unregisteredFine:
        heard.parameter = { coarse: heard.parameter?.coarse ?? 0, fine: value };
        return [];
      case HEARD_CONTROLLERS.registeredCoarse:
      case HEARD_CONTROLLERS.registeredFine:
        heard.parameter = undefined;
        return [];
      default:
    }
    const { parameter } = heard;
    const isData =
      controller === HEARD_CONTROLLERS.dataCoarse || controller === HEARD_CONTROLLERS.dataFine;
    if (parameter !== undefined && isData) {
      const coarse = controller === HEARD_CONTROLLERS.dataCoarse;
      heard.data = coarse ? 128 * value + (heard.data & 127) : (heard.data & ~127) + value;
      const number = 128 * parameter.coarse + parameter.fine;
      return [{ source: { kind: "parameter", channel, number }, ...fine(heard.data) }];
    }
    const alone: ControlMove = {
      source: { kind: "controller", channel, number: controller },
      share: value / 127,
      value,
    };
    if (controller < LOWER_HALF) heard.coarse.set(controller, value);
    const upper = controller - LOWER_HALF;
    const half = controller < 2 * LOWER_HALF ? heard.coarse.get(upper) : undefined;
    if (half === undefined) return [alone];
    return [
      alone,
      { source: { kind: "pair", channel, number: upper }, ...fine(128 * half + value) },
    ];
  }

  #channel(channel: number): Channel {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const fresh = { coarse: new Map<number, number>(), parameter: undefined, data: 0 };
    this.#channels.set(channel, fresh);
    return fresh;
  }
}

const fine = (value: number) => ({ share: value / FINEST, value: value >> 7 });
