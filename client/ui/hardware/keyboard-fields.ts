/** The rows of one keyboard: whether and on which channel it is heard, and what its keys play. */
import type { TemplateResult } from "lit";
import {
  FARTHEST_ZONE,
  type KeyboardSettings,
  type KeyboardZone,
  type KeySharing,
  sharedAs,
  sharingOf,
} from "#engine/hardware/keyboard-settings.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { choiceSelect } from "../choice-select.ts";
import { numberChoice } from "../number-choice.ts";
import { pitchText } from "../wording.ts";

const ALL = "all";
const CHANNELS = Object.fromEntries([
  [ALL, "all"],
  ...Array.from({ length: 16 }, (_, channel) => [`c${channel}`, String(channel + 1)]),
]);
/** Channels of one note each, as `lower/upper`. */
const NOTE_CHANNELS = {
  "0/0": "no",
  "15/0": "yes, channel 1 speaks for all",
  "0/15": "yes, channel 16 speaks for all",
  "7/7": "yes, channels 1 and 16 for seven each",
} as const;
const SHARINGS = { one: "one instrument", split: "split in two", layer: "two at once" } as const;
const OWN = "own";
const PLAYED = Object.fromEntries([
  [OWN, "what you play along on"],
  ...INSTRUMENTS.map((name, instrument) => [`i${instrument}`, name]),
]);
const SPLITS = Object.fromEntries(
  Array.from({ length: 97 }, (_, at) => [String(at + 12), pitchText(at + 12)]),
);

/** @param change takes what is to differ in the settings */
export function keyboardFields(
  settings: KeyboardSettings,
  change: (change: Partial<KeyboardSettings>) => void,
): TemplateResult[] {
  const { on, channel, noteChannels, zones } = settings;
  const { lower, upper } = noteChannels;
  const own = `${lower}/${upper}`;
  const sharing = sharingOf(settings);
  const setZone = (at: number, moved: Partial<KeyboardZone>) =>
    change({ zones: zones.map((zone, index) => (index === at ? { ...zone, ...moved } : zone)) });
  return [
    choiceSelect({
      label: "Its keys",
      hint: "whether they play with the band; what is learned works all the same",
      options: { yes: "play along", no: "are not heard" },
      value: on ? "yes" : "no",
      choose: (chosen) => change({ on: chosen === "yes" }),
    }),
    ...(on
      ? [
          choiceSelect<string>({
            label: "Channel",
            hint: "the MIDI channel that is heard",
            options: CHANNELS,
            value: channel === undefined ? ALL : `c${channel}`,
            choose: (chosen) =>
              change({ channel: chosen === ALL ? undefined : Number(chosen.slice(1)) }),
          }),
          choiceSelect<string>({
            label: "A channel a note",
            hint: "MPE: each note is bent and pressed by itself; all channels are heard then. A keyboard may say so itself",
            options: {
              ...NOTE_CHANNELS,
              ...(own in NOTE_CHANNELS
                ? {}
                : { [own]: `yes, channel 1 for ${lower}, channel 16 for ${upper}` }),
            },
            value: own,
            choose: (chosen) => {
              const [below, above] = chosen.split("/").map(Number);
              change({ noteChannels: { lower: below, upper: above } });
            },
          }),
          choiceSelect<KeySharing>({
            label: "Keys play",
            hint: "one instrument, two that share the keys, or two at once",
            options: SHARINGS,
            value: sharing,
            choose: (chosen) => change({ zones: sharedAs(settings, chosen) }),
          }),
          ...(sharing === "split" ? [split(settings, change)] : []),
          ...zones.flatMap((zone, at) =>
            zoneFields(zone, zoneName(sharing, at), (moved) => setZone(at, moved)),
          ),
        ]
      : []),
  ];
}

const zoneName = (sharing: KeySharing, at: number): string => {
  if (sharing === "one") return "";
  if (sharing === "split") return at === 0 ? "lower " : "upper ";
  return at === 0 ? "first " : "second ";
};

const split = (
  settings: KeyboardSettings,
  change: (change: Partial<KeyboardSettings>) => void,
): TemplateResult =>
  choiceSelect<string>({
    label: "Split at",
    hint: "the upper part's lowest key",
    options: SPLITS,
    value: String(settings.zones[1].lowest),
    choose: (pitch) => change({ zones: sharedAs(settings, "split", Number(pitch)) }),
  });

const zoneFields = (
  zone: KeyboardZone,
  name: string,
  change: (change: Partial<KeyboardZone>) => void,
): TemplateResult[] => [
  choiceSelect<string>({
    label: capital(`${name}instrument`),
    hint: "what these keys play",
    options: PLAYED,
    value: zone.instrument === undefined ? OWN : `i${zone.instrument}`,
    choose: (chosen) =>
      change({ instrument: chosen === OWN ? undefined : Number(chosen.slice(1)) }),
  }),
  numberChoice({
    label: capital(`${name}moved by`),
    hint: "semitones up or down",
    lowest: -FARTHEST_ZONE,
    highest: FARTHEST_ZONE,
    value: zone.transposition,
    choose: (transposition = 0) => change({ transposition }),
  }),
];

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);
