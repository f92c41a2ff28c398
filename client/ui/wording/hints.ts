/**
 * Sentences that the surface says of itself: why a control does nothing now, what is waited for, what became of a file.
 * What engine, model and players have to say comes as remarks (english.ts). Another language is another value of the type.
 */
export const HINTS = {
  drumsCannotLead: "The drums accompany: they cannot lead.",
  leadPlays: (name: string) => `${name} leads, so it plays: let another lead first.`,
  noMidiHere: "MIDI outputs are not available here.",
  midiUnasked: "MIDI was not asked for yet: the browser will want your permission.",
  noClockHeard: "No clock is heard: let the machine send MIDI clock, and start it.",
  clockHeard: (tempo: number, off: number, locked: boolean) =>
    locked
      ? `Followed at ${tempo.toFixed(1)} bpm${off > 0 ? `, give or take ${off.toFixed(1)}` : ""}.`
      : `A clock of about ${tempo.toFixed(0)} bpm is heard.`,
  noMidiInput: "No keyboard or controller is connected: plug one in.",
  chooseToLearn: "Choose what to learn: click it on the page, or take it from this list.",
  moveToLearn: (name: string) =>
    `Now move a knob, a fader or a pad for ${name}; a knob without ends to the right, then to the left.`,
  learned: (name: string, control: string, others: readonly string[]) =>
    `${name}: ${control}.${others.length === 0 ? "" : ` The same control moves ${others.join(" and ")}, too.`} Choose the next one, or end with Esc.`,
  nothingLearned:
    "Nothing yet: press Learn, choose a control of the page, then move one of your own.",
  gridLit: "The pads show what they were learned for.",
  gridUnlit:
    "A Launchpad shows its own lights until the browser allows full control of it (system exclusive messages).",
  calibration: "Twenty seconds: tap along with clicks of the page's own voice, then of the port.",
  tapAlong: (place: "voice" | "port", left: number) =>
    `Tap along with ${place === "voice" ? "the page's own clicks" : "the port's clicks"}: space, a key or a pad. ${left} to go.`,
  latencyFound: (latency: number, spread: number) =>
    `It sounds ${Math.abs(latency)} ms ${latency < 0 ? "early" : "late"}, give or take ${spread} ms.`,
  latencyNotFound: {
    taps: "Too few taps agreed: make sure that both are heard, and tap each click.",
    range:
      "It sounds more than 200 ms off, which cannot be made good: check the port's channel and sound.",
  },
  listening:
    "Twenty seconds, a minute for drums: a microphone hears the page's clicks and then the port's notes; put it where it hears both.",
  askingMicrophone: "The browser asks for the microphone: allow it.",
  listensTo: (phase: "voice" | "port" | "keys", left: number) =>
    `Listening to ${{ voice: "the page", port: "the port", keys: "each key of the drums" }[phase]}: ${left} s. Esc gives up.`,
  machineHeard: (latency: number, spread: number, louder: number | undefined) =>
    `It sounds ${Math.abs(latency)} ms ${latency < 0 ? "early" : "late"}, give or take ${spread} ms${
      louder === undefined || louder === 0
        ? ""
        : `, and ${Math.abs(louder)} dB ${louder < 0 ? "quieter" : "louder"} than the page's own voice`
    }.`,
  keysHeard: (tried: number, silent: readonly string[]) =>
    silent.length === 0
      ? `All ${tried} keys sound.`
      : `${tried - silent.length} of ${tried} keys sound. Not heard: ${silent.join(", ")}.`,
  machineNotHeard: {
    voice:
      "The microphone does not hear the page: let it sound on loudspeakers, louder, and put the microphone near them.",
    port: "The microphone does not hear the port: check its channel and sound, and put the microphone near its loudspeaker.",
    range:
      "It sounds more than 200 ms off, which cannot be made good: check the port's channel and sound.",
  },
  /** What instruments of one port are in each other's way by. */
  inTheWay: {
    given: (others: string, one: boolean) =>
      `${others} ${one ? "plays on a channel" : "play on channels"} that single notes of this one have, too, so that all cut each other's. Make room, or choose other channels.`,
    taken: (others: string, one: boolean) =>
      `${others} ${one ? "gives" : "give"} this channel to single notes, too, so that all cut each other's. Make room, or choose another channel.`,
    "another sound": (others: string, one: boolean) =>
      `${others} ${one ? "asks" : "ask"} for another sound on this channel: all get the one that was asked for last. Make room, or choose another channel.`,
  },
  makesRoom: "Each gets a channel of its own; who gives notes a channel each has fewer of them",
  noMidiOutput: "No MIDI output is connected: plug one in, then choose it here.",
  composingNotReady: "Composing is not ready yet.",
  composingAfterLoading: "The model is still loading; composing works after that.",
  tracksUnderWay: "Tracks are being composed; cancel them or wait.",
  playAfterLoading: "The model is still loading; Play works after that.",
  playInAMoment: "Play works in a moment.",
  arrived: (bytes: string) => `${bytes} have arrived; Play works after that.`,
  gathered: (ahead: string, wanted: string, pace: string, slow: boolean) =>
    `${ahead} of ${wanted} are ready; this machine composes at ${pace}` +
    `${slow ? ", so much must lie ahead; a lower tempo helps" : ""}.`,
  invitation: (lead: string, drums: boolean, tempo: number, key: string) =>
    `${lead} leads ${drums ? "with" : "without"} drums, at ${tempo} bpm in ${key}.`,
  nothingToUndo: "Nothing to undo: nothing was moved yet.",
  nothingToRedo: "Nothing to redo: nothing was undone.",
  nothingHeard: "Nothing was heard yet: press Play, then save the take.",
  nothingToShare: "Nothing was heard yet: press Play, then copy the link.",
  linkIs: {
    copied: "The link is copied: whoever opens it hears this performance, composed once more.",
    "in the address":
      "The browser did not copy the link: it stands in the address bar, copy it there.",
  },
  oneFileAtATime: "One file at a time: one is being rendered.",
  noTracks:
    "Tracks appear here as they are composed: listen, compare, and keep them as MIDI, MP3 or WAV.",
  chartOfTrack:
    "What was written and what was arranged, bar by bar: the field Chart reads it, and the command compose",
  modelIs: (id: string, millions: string, backend: string) =>
    `Model ${id}, ${millions} million parameters, on ${backend}.`,
  tokenRate: (rate: number) => `It composes ${rate} tokens a second, three to a note.`,
  ledOutOfRuts: (times: number) =>
    `The music was led out of a rut ${times === 1 ? "once" : `${times} times`}: bars that only copied those before.`,
  surpriseIs: (nats: number) =>
    `Surprise: ${nats} nats a bar, how unlikely the music of late was to the model: little where it repeats itself, much where it wanders.`,
  whatAheadIs: "Ahead: seconds of music composed and not yet played.",
  primeSets: (tempo: number, metre: string) =>
    `Its tempo, ${tempo} bpm, and its metre, ${metre}, are set.`,
  temposKept: "Its changes of tempo are kept.",
  metresKept: "Its changes of metre are kept.",
  foldChart: "Fold the chart: the roll gets its room",
  unfoldChart: "Unfold the chart: chords, who plays, density and energy of the bars to come",
  progression:
    "The chords the band plays to, a bar each: Am F C G, halves with a slash (Am/G), degrees (ii V I), [chorus] names a section",
  progressionLike: "Am F C G, or ii V I",
  progressionWaits: "Press Enter: it plays from the next bar on.",
  progressionErased: "Press Enter: the arranger writes the chords again.",
  paintPlayers:
    "Who plays: drag over bars that are to come; thick lines are yours, thin ones the arranger's",
  drawCurve: (name: string) =>
    `${name}: drag over bars that are to come; Delete gives a bar back to the arranger`,
  drawnByYou: "yours",
  drawnByArranger: "the arranger's",
  barsAreSettled:
    "These bars can no longer be changed: draw on those to the right of the dotted line.",
  callsAt: (phrase: boolean) =>
    phrase
      ? "Sections come once the phrase under way is over; press for the next bar"
      : "Sections come with the next bar; press to wait for the phrase's end",
  calls: (name: string | undefined, phrase: boolean) =>
    `${name ?? "From the beginning"}: at the next ${phrase ? "phrase" : "bar"}.`,
  deletesMark: "Delete takes the mark away.",
  another: "Something else than what is planned, as soon as it can be heard (N)",
  barsAtOnce: "How many bars Repeat, Keep and Loop mine take",
  repeats: "The bars that you hear go round from the next bar line on (R)",
  letsGo: "The band goes on with the next bar (R)",
  records:
    "What you played in your last bars goes round under the band; in a bar's second half, that bar is waited for (C)",
  goesBack: "That bar once more with the next bar line; the band goes on from there, another way",
  foresees:
    "Four ways to go on from a bar that is near, two bars each, drawn on the roll: pick one, or let the music go on as planned (V)",
  cue: "The way on that you point at is heard there alone: choose another output than the band's",
  picks: (way: number) => `This way, from its bar line on (${way})`,
  notForeseenYet: "This one is being composed.",
  forgets: "None of them: the music goes on as planned",
  freezes: "A part stays as it was in its last two bars while the rest is composed anew",
  dropsLayer: "It goes round no longer",
  nothingToRepeat: "Nothing sounded in these bars: press Play, then repeat what you hear.",
  nothingToKeep: "Nothing sounded in these bars: press Play, then keep what you hear.",
  nothingToRecord:
    "You played nothing in these bars: choose an instrument under Play along, play, then press again.",
  nothingInBar: (bar: number) =>
    `Nothing was heard in bar ${bar}: choose one that was played already.`,
  noPartYet: "It has not played yet: freeze it once it was heard.",
  marks: "Marks the section that plays now, with its notes to the end of this bar, to call it back",
  recalls:
    "How marks come back: note for note, once or round and round until they are let go, or composed anew to their chords",
  recallNames: { once: "note for note", round: "round and round", anew: "composed anew" },
  markOfAnotherMetre: (name: string) =>
    `${name} was kept in another metre, so it is composed anew: choose its metre first to have its notes.`,
  keeps:
    "Keeps the bars that you hear, note for note, among the marks of the chart: call them back from there (B)",
  movesWithKey: "Chords by name move with the key when it changes; degrees always do",
  brush: "Whose playing is painted over the bars",
  drawsWhole: "What you draw on a bar holds for its whole section",
  clearsDrawn: "Gives all that was drawn back to the arranger",
  fileTooLarge: (file: string) => `"${file}" is too large for a MIDI file; choose another.`,
  fileWithoutNotes: (file: string) =>
    `"${file}" holds no notes that the twelve instruments can play; choose another.`,
} as const;
