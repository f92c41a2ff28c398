/** The rows of the route dialog by which energy, density and section move controllers of the machine. */
import { html, type TemplateResult } from "lit";
import { DRIVERS, type Drive, MOST_DRIVES } from "#engine/hardware/drive.ts";
import type { MachineController } from "#engine/jam/machine.ts";
import type { MidiRoute } from "#engine/jam/route.ts";
import { choiceSelect } from "../choice-select.ts";
import { numberChoice } from "../number-choice.ts";

const DRIVER_NAMES = {
  "": "nothing",
  energy: "energy",
  density: "density",
  section: "the section's course",
} as const;

/** What is first driven: brightness, as General MIDI 2 and MPE have it. */
const FIRST: Drive = {
  driver: "energy",
  controller: 74,
  fine: undefined,
  lowest: 32,
  highest: 112,
};

/**
 * @param controllers those of the machine, by name; none where it is not known
 * @param change takes what is to differ in the route
 */
export function driveFields(
  route: MidiRoute,
  controllers: readonly MachineController[],
  change: (change: Partial<MidiRoute>) => void,
): TemplateResult {
  const { drives } = route;
  const set = (at: number, moved: Drive | undefined) =>
    change({
      drives: moved === undefined ? drives.toSpliced(at, 1) : drives.with(at, moved),
    });
  return html`
    ${drives.map((drive, at) => driveRow(drive, at, controllers, set))}
    <button
      class="ask drive"
      ?hidden=${drives.length >= MOST_DRIVES}
      title="Let energy, density or section move a controller of the machine"
      @click=${() => change({ drives: [...drives, FIRST] })}
    >
      Let the music move a controller
    </button>
  `;
}

function driveRow(
  drive: Drive,
  at: number,
  controllers: readonly MachineController[],
  set: (at: number, moved: Drive | undefined) => void,
): TemplateResult[] {
  const { driver, controller, lowest, highest } = drive;
  const end = (label: string, name: "lowest" | "highest", value: number) =>
    numberChoice({
      label,
      hint: "0 to 127; the controller goes backwards where the second is lower",
      ...{ lowest: 0, highest: 127, value },
      choose: (moved = value) => set(at, { ...drive, [name]: moved }),
    });
  return [
    choiceSelect<string>({
      label: `Moved ${at + 1} by`,
      hint: "what of the music moves the controller",
      options: DRIVER_NAMES,
      value: driver,
      choose: (chosen) => {
        const known = DRIVERS.find((each) => each === chosen);
        set(at, known && { ...drive, driver: known });
      },
    }),
    choiceSelect<string>({
      label: "Controller",
      hint: "of the machine, by its maker's names where a machine is named",
      options: named(controllers, controller),
      value: `c${controller}`,
      choose: (chosen) => {
        const number = Number(chosen.slice(1));
        const fine = controllers.find((known) => known.controller === number)?.fine;
        set(at, { ...drive, controller: number, fine });
      },
    }),
    end("From", "lowest", lowest),
    end("To", "highest", highest),
  ];
}

/** The machine's own controllers, or all; what is chosen is always among them. */
function named(controllers: readonly MachineController[], chosen: number): Record<string, string> {
  const all = Array.from({ length: 120 }, (_, number) => [`c${number}`, `controller ${number}`]);
  const own = controllers.map(({ name, controller }) => [`c${controller}`, name]);
  if (own.length === 0) return Object.fromEntries(all);
  return Object.fromEntries([all[Math.min(chosen, 119)], ...own]);
}
