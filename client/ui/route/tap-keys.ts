/** While a port's latency is found, the space bar taps, and Escape gives up; while it is listened to, Escape does. Neither does anything else. */
import type { ReactiveControllerHost } from "lit";
import { isTapped } from "#engine/hardware/calibration.ts";
import { isListening } from "#engine/hardware/listening.ts";
import type { CalibrationLike, ListeningLike } from "../surface-model.ts";
import { WindowListening } from "../window-listening.ts";

/** Listens on the window while its host is on the page. */
export class TapKeys {
  readonly #calibration: () => CalibrationLike | undefined;
  readonly #listening: () => ListeningLike | undefined;

  constructor(
    host: ReactiveControllerHost,
    calibration: () => CalibrationLike | undefined,
    listening: () => ListeningLike | undefined,
  ) {
    this.#calibration = calibration;
    this.#listening = listening;
    const heard = { keydown: this.#press, keyup: this.#press };
    new WindowListening(host, heard, { capture: true });
  }

  readonly #press = (event: KeyboardEvent): void => {
    const [calibration, listening] = [this.#calibration(), this.#listening()];
    const isListened = isListening(listening?.state);
    if (!isTapped(calibration?.state) && !isListened) return;
    if (event.key !== "Escape" && (event.key !== " " || isListened)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "keyup" || event.repeat) return;
    if (isListened) listening?.stop();
    else if (event.key === " ") calibration?.tap(event.timeStamp);
    else calibration?.stop();
  };
}
