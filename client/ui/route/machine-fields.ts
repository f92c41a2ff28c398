/** The rows of the route dialog that only a machine has: channel, program, what becomes of notes. */
import type { TemplateResult } from "lit";
import { MANAGERS, MOST_NOTE_CHANNELS } from "#engine/hardware/note-channels.ts";
import { GENERAL_MIDI } from "#engine/jam/machine.ts";
import {
  FARTHEST_TRANSPOSITION,
  MIXINGS,
  type MidiRoute,
  ownChannel,
  VELOCITY_CURVES,
} from "#engine/jam/route.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { PROGRAM_NAMES } from "#music/midi/program-names.ts";
import { choiceSelect } from "../choice-select.ts";
import { numberChoice } from "../number-choice.ts";
import { pitchText } from "../wording.ts";

/** Numbers of channels and programs are one-based on screen, as machines print them. */
const shown = (count: number, name = (number: number): string => String(number + 1), kind = "") =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [kind + number, name(number)]));

const CHANNELS = shown(16);
// A key that is a number would come before all others in the list.
const NONE = "none";
const managed = (channel: number): string => `by ${channel}`;
const CHANNELS_EACH = {
  [NONE]: "no",
  [managed(MANAGERS.lower)]: "yes, channel 1 speaks for all",
  [managed(MANAGERS.upper)]: "yes, channel 16 speaks for all",
};
const PROGRAM = "program ";
const OWN = { [NONE]: "the machine's own" };
const PROGRAMS = { ...OWN, ...shown(128, undefined, PROGRAM) };
const NAMED_PROGRAMS = {
  ...OWN,
  ...shown(128, (number) => `${number + 1} ${PROGRAM_NAMES[number]}`, PROGRAM),
};
const PITCHES = shown(128, pitchText);
const CURVES = Object.fromEntries(VELOCITY_CURVES.map((curve) => [curve, curve]));
const MIXING_NAMES = { controllers: "controllers 7 and 10", velocity: "velocities" } as const;

/** @param change takes what is to differ in the route */
export function machineFields(
  instrument: Instrument,
  route: MidiRoute,
  change: (change: Partial<MidiRoute>) => void,
): TemplateResult[] {
  return [
    ...(instrument === DRUMS ? [] : [channelEach(instrument, route, change)]),
    route.noteChannels === 0
      ? choiceSelect<string>({
          label: "Channel",
          hint: "the MIDI channel its notes go to",
          options: CHANNELS,
          value: String(route.channel),
          choose: (channel) => change({ channel: Number(channel) }),
        })
      : numberChoice({
          label: "Channels for notes",
          hint: "beside the one that speaks for all; other instruments on this port need others, and are told so",
          lowest: 1,
          highest: MOST_NOTE_CHANNELS,
          value: route.noteChannels,
          choose: (noteChannels) => change({ noteChannels }),
        }),
    choiceSelect<string>({
      label: "Sounds on",
      hint: "whether the page's own voice plays along",
      options: { port: "the port alone", both: "the port and here" },
      value: route.voiceToo ? "both" : "port",
      choose: (where) => change({ voiceToo: where === "both" }),
    }),
    choiceSelect<string>({
      label: "Program",
      hint: "the sound that is asked for, before the first note",
      options: isGeneralMidi(route) ? NAMED_PROGRAMS : PROGRAMS,
      value: route.program === undefined ? NONE : PROGRAM + route.program,
      choose: (chosen) => {
        const program = chosen === NONE ? undefined : Number(chosen.slice(PROGRAM.length));
        change({ program });
      },
    }),
    numberChoice({
      label: "Bank",
      hint: "sent before the program, by controllers 0 and 32: 128 times the first and the second",
      lowest: 0,
      highest: 16383,
      value: route.bank,
      optional: true,
      choose: (bank) => change({ bank }),
    }),
    ...(instrument === DRUMS ? [] : [transposition(route, change)]),
    choiceSelect<string>({
      label: "Velocities",
      hint: "bent for a machine that answers too timidly or too wildly",
      options: CURVES,
      value: route.velocityCurve,
      choose: (name) => change({ velocityCurve: VELOCITY_CURVES.find((curve) => curve === name) }),
    }),
    end("Lowest", "lowest", route, change),
    end("Highest", "highest", route, change),
    choiceSelect({
      label: "Fader moves",
      hint: "velocities where the machine ignores the controllers of level and pan",
      options: MIXING_NAMES,
      value: route.mixing,
      choose: (name) => change({ mixing: MIXINGS.find((mixing) => mixing === name) }),
    }),
  ];
}

/** Whether programs are those that all machines have, as far as is known. */
const isGeneralMidi = ({ machine = GENERAL_MIDI }: MidiRoute): boolean => machine === GENERAL_MIDI;

/** Whether notes have a channel each, and which one speaks for them. */
function channelEach(
  instrument: Instrument,
  route: MidiRoute,
  change: (change: Partial<MidiRoute>) => void,
): TemplateResult {
  const { channel, noteChannels } = route;
  return choiceSelect<string>({
    label: "A channel a note",
    hint: "MPE: your keys bend and press each note by itself; the machine is told so",
    options: CHANNELS_EACH,
    value: noteChannels === 0 ? NONE : managed(channel),
    choose: (chosen) => {
      const manager = Object.values(MANAGERS).find((each) => managed(each) === chosen);
      change(
        manager === undefined
          ? { channel: ownChannel(instrument), noteChannels: 0 }
          : { channel: manager, noteChannels: noteChannels || MOST_NOTE_CHANNELS },
      );
    },
  });
}

const transposition = (
  route: MidiRoute,
  change: (change: Partial<MidiRoute>) => void,
): TemplateResult =>
  numberChoice({
    label: "Transposed by, semitones",
    hint: "up, or down below 0; drums are not moved",
    lowest: -FARTHEST_TRANSPOSITION,
    highest: FARTHEST_TRANSPOSITION,
    value: route.transposition,
    choose: (semitones) => change({ transposition: semitones }),
  });

const end = (
  label: string,
  name: "lowest" | "highest",
  route: MidiRoute,
  change: (change: Partial<MidiRoute>) => void,
): TemplateResult =>
  choiceSelect<string>({
    label,
    hint: `${name} pitch that is sent, after transposition`,
    options: PITCHES,
    value: String(route[name]),
    choose: (pitch) => change({ [name]: Number(pitch) }),
  });
