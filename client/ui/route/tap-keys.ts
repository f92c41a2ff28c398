/** While a port's latency is found, the space bar taps, and Escape gives up; neither does anything else. */
import type { ReactiveControllerHost } from "lit";
import { isTapped } from "#engine/hardware/calibration.ts";
import type { CalibrationLike } from "../surface-model.ts";
import { WindowListening } from "../window-listening.ts";

/** Listens on the window while its host is on the page. */
export class TapKeys {
  readonly #calibration: () => CalibrationLike | undefined;

  constructor(host: ReactiveControllerHost, calibration: () => CalibrationLike | undefined) {
    this.#calibration = calibration;
    const heard = { keydown: this.#press, keyup: this.#press };
    new WindowListening(host, heard, { capture: true });
  }

  readonly #press = (event: KeyboardEvent): void => {
    const calibration = this.#calibration();
    if (calibration === undefined || !isTapped(calibration.state)) return;
    if (event.key !== " " && event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "keyup" || event.repeat) return;
    if (event.key === " ") calibration.tap(event.timeStamp);
    else calibration.stop();
  };
}
