/** Everything that hardware may learn to move, joined to the jam: each control as it is declared, each strip, bank, scene and gesture. */
import { CHOICE_NAMES, CHOICES, type ChoiceControl } from "#engine/compose/choices.ts";
import { CONTROLS, JAM_CONTROLS } from "#engine/compose/controls.ts";
import { BANKS, type Banks } from "#engine/jam/banks.ts";
import { isFrozen } from "#engine/jam/course.ts";
import type { Session } from "#engine/jam/session.ts";
import { INSTRUMENTS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { courseTargets } from "./course-targets.ts";
import { markTargets } from "./mark-targets.ts";
import { partTargets } from "./part-targets.ts";
import { pieceTargets } from "./piece-targets.ts";
import { sectionTargets } from "./section-targets.ts";
import type { Target } from "./target.ts";

/** What targets move. */
export interface TargetParts {
  readonly session: Pick<
    Session,
    | "state"
    | "setControls"
    | "setStrip"
    | "play"
    | "stop"
    | "end"
    | "startOver"
    | "tapTempo"
    | "undo"
    | "redo"
    | "performance"
    | "bringBack"
    | "leading"
    | "charting"
    | "metres"
    | "timeline"
  >;
  readonly banks: Banks;
  readonly panic: () => void;
  /** The scenes that are known by now. */
  readonly scenes: () => readonly { readonly id: string; readonly name: string }[];
  readonly playScene: (id: string) => void;
  /** Hears why Play did nothing. */
  readonly refused: (error: unknown) => void;
}

/** All targets by their ids, in the order they are listed; a scene's are there once scenes are known. */
export function targetsOf(parts: TargetParts): Map<string, Target> {
  const strips = [...INSTRUMENTS.keys()].flatMap((instrument) => stripTargets(parts, instrument));
  const all = [
    ...controlTargets(parts),
    ...choiceTargets(parts),
    ...pieceTargets(parts.session),
    ...strips,
    ...bankTargets(parts),
    ...gestures(parts),
    ...courseTargets(parts.session),
    ...sectionTargets(parts.session),
    ...markTargets(parts.session),
    ...sceneTargets(parts),
  ];
  return new Map(all.map((target) => [target.id, target]));
}

function controlTargets({ session }: TargetParts): Target[] {
  return JAM_CONTROLS.filter((name) => name !== "seed").map((name) => {
    const { lowest, highest, label } = CONTROLS[name];
    return {
      kind: "range",
      id: `control:${name}`,
      name: label,
      group: "Shape",
      share: () => (session.state.controls[name] - lowest) / (highest - lowest),
      move: (share) => session.setControls({ [name]: lowest + share * (highest - lowest) }),
    };
  });
}

function choiceTargets({ session }: TargetParts): Target[] {
  return CHOICE_NAMES.map((name) => {
    const { label, options }: ChoiceControl = CHOICES[name];
    const offered = Object.keys(options);
    return {
      kind: "list",
      id: `choice:${name}`,
      name: label,
      group: "Shape",
      length: () => offered.length,
      choose: (index) => session.setControls({ [name]: offered[index] }),
    };
  });
}

function stripTargets({ session }: TargetParts, instrument: Instrument): Target[] {
  const group = INSTRUMENTS[instrument];
  const strip = () => session.state.strips[instrument];
  const id = (what: string) => `strip:${instrument}:${what}`;
  const flips = (
    what: "muted" | "soloed" | "enabled",
    name: string,
    called: string = what,
  ): Target => ({
    ...{ kind: "switch", id: id(called), name: `${group} ${name}`, group },
    isOn: () => strip()[what],
    flip: () => session.setStrip(instrument, { [what]: !strip()[what] }),
  });
  const leads: Target = {
    ...{ kind: "act", id: id("lead"), name: `${group} leads`, group },
    act: () => session.setControls({ lead: instrument }),
    isLit: () => session.state.controls.lead === instrument,
  };
  return [
    {
      ...{ kind: "range", id: id("level"), name: `${group} level`, group },
      share: () => strip().level,
      move: (level) => session.setStrip(instrument, { level }),
    },
    {
      ...{ kind: "range", id: id("pan"), name: `${group} pan`, group },
      share: () => (strip().pan + 1) / 2,
      move: (share) => session.setStrip(instrument, { pan: 2 * share - 1 }),
    },
    flips("muted", "mute"),
    flips("soloed", "solo"),
    flips("enabled", "plays", "plays"),
    {
      ...{ kind: "switch", id: id("frozen"), name: `${group} frozen`, group },
      isOn: () => isFrozen(session.state.course, instrument),
      flip: () => session.leading.freeze(instrument),
    },
    ...(LEAD_INSTRUMENTS.includes(instrument) ? [leads] : []),
    ...partTargets(session, instrument),
  ];
}

/** A bank that is empty keeps what stands now, as its button does. */
function bankTargets({ session, banks }: TargetParts): Target[] {
  return Array.from({ length: BANKS }, (_, index) => ({
    ...{ kind: "act", id: `bank:${index}`, name: `bank ${index + 1}`, group: "Banks and scenes" },
    act: () => {
      const kept = banks.state[index];
      if (kept === undefined) banks.keep(index, session.performance);
      else session.bringBack(kept);
    },
    isLit: () => banks.state[index] !== undefined,
  }));
}

function sceneTargets({ scenes, playScene }: TargetParts): Target[] {
  const group = "Banks and scenes";
  const all: Target = {
    ...{ kind: "list", id: "scenes", name: "scenes by program", group },
    length: () => scenes().length,
    choose: (index) => playScene(scenes()[index].id),
  };
  const each = scenes().map(
    ({ id, name }): Target => ({
      ...{ kind: "act", id: `scene:${id}`, name: `scene ${name}`, group },
      act: () => playScene(id),
    }),
  );
  return [all, ...each];
}

function gestures({ session, panic, refused }: TargetParts): Target[] {
  const sounds = () => session.state.phase === "playing" || session.state.phase === "gathering";
  const play = () => {
    if (sounds()) session.stop();
    else session.play().catch(refused);
  };
  const acts: readonly (readonly [string, string, () => void, (() => boolean)?])[] = [
    ["play", "play or stop", play, sounds],
    ["stop", "stop", () => session.stop()],
    [
      "stop-at-bar",
      "stop at the bar",
      () => session.leading.stopAtBar(),
      () => session.state.stops,
    ],
    ["ending", "bring to an end", () => session.end(), () => session.state.ending],
    ["new", "new piece", () => session.startOver()],
    ["tap", "tap the tempo", () => session.tapTempo()],
    ["undo", "undo", () => session.undo(), () => session.state.canUndo],
    ["redo", "redo", () => session.redo(), () => session.state.canRedo],
    ["panic", "panic", panic],
  ];
  return acts.map(([id, name, act, isLit]) => ({
    ...{ kind: "act", id: `gesture:${id}`, name, group: "Gestures", act },
    ...(isLit === undefined ? {} : { isLit }),
  }));
}
