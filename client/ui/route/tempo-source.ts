/** The row of the route dialog that says whose tempo the music has, and what is heard of a clock that is followed. */
import { html, type TemplateResult } from "lit";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import { choiceSelect } from "../choice-select.ts";
import type { ClockSourceLike } from "../surface-model.ts";
import { HINTS } from "../wording/hints.ts";

/** The music's own tempo in the list of inputs, in which no port has an empty name. */
const OWN = "";

/** Nothing where there is no input and none was chosen. */
export function tempoSource(
  clock: ClockSourceLike,
  ports: MidiPortsState | undefined,
): TemplateResult | string {
  const { source, tempo, tempoOff, locked } = clock.state;
  const names = ports?.inputs.map(({ name }) => name) ?? [];
  if (names.length === 0 && source === undefined) return "";
  const away = source !== undefined && !names.includes(source);
  return html`
    ${choiceSelect<string>({
      label: "Tempo, for all",
      hint: "the music's own tempo, or that of a machine's MIDI clock, which starts and stops it, too",
      options: {
        [OWN]: "the music's own",
        ...Object.fromEntries(names.map((name) => [name, `clock of ${name}`])),
        ...(away ? { [source]: `clock of ${source} (away)` } : {}),
      },
      value: source ?? OWN,
      choose: (name) => clock.choose(name === OWN ? undefined : name),
    })}
    <p class="standing clock" role="status" ?hidden=${source === undefined}>
      ${tempo === undefined ? HINTS.noClockHeard : HINTS.clockHeard(tempo, tempoOff, locked)}
    </p>
  `;
}
