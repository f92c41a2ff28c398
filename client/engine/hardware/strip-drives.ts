/** Moves the controllers of every strip's machine along with the music; what stands already is not sent again. */
import type { Session } from "#engine/jam/session.ts";
import type { Instrument } from "#music/instrument.ts";
import { driveMessages, driverAt } from "./drive.ts";

/** What it reads: the strips, the chart of the piece and where the playhead is. */
export type DrivingMusic = Pick<Session, "state" | "charting" | "metres" | "timeline">;

/** Call often. @param control brings a controller of an instrument's machine to a value, 0-127 */
export function driveStrips(
  music: DrivingMusic,
  control: (instrument: Instrument, controller: number, value: number) => void,
): void {
  if (music.state.phase !== "playing") return;
  const driven = music.state.strips.filter(
    ({ route }) => route.kind === "midi" && route.drives.length > 0,
  );
  if (driven.length === 0) return;
  const { step } = music.timeline();
  const bar = music.metres.barAt(Math.max(0, step));
  const part = Math.min(1, Math.max(0, (step - bar.start) / bar.steps));
  const chart = music.charting.ordered;
  for (const { instrument, route } of driven) {
    if (route.kind !== "midi") continue;
    for (const drive of route.drives) {
      const share = driverAt(drive.driver, chart, bar.index, part);
      for (const [controller, value] of driveMessages(drive, share))
        control(instrument, controller, value);
    }
  }
}
