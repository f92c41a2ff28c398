/** A studio and MIDI outputs without engine or devices; tests set their state and read the calls. */
import { Emitter } from "#base/emitter.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import type { StudioState, Track } from "#engine/studio/studio-state.ts";
import type { Note } from "#music/note.ts";
import type { AudioFormat, MidiPortsLike, StudioLike } from "../surface-model.ts";
import type { Call } from "./fake-session.ts";

/** A plain request. */
export const REQUEST: ComposeRequest = {
  lead: 3,
  drums: true,
  bars: 16,
  tracks: 2,
  temperature: 0.9,
  topP: 0.98,
  seed: 7,
  tempo: 112,
};

/** A track in any state. */
export const trackOf = (change: Partial<Track>, notes: readonly Note[] = []): Track => ({
  name: "violin-7-1",
  status: "waiting",
  progress: 0,
  message: undefined,
  request: REQUEST,
  notes,
  midi: undefined,
  chart: undefined,
  ...change,
});

/** Resolve or reject `renders` to end a rendering. */
export class FakeStudio implements StudioLike {
  state: StudioState = { busy: false, tracks: [], listening: undefined };
  readonly changed = new Emitter<StudioState>();
  readonly calls: Call[] = [];
  readonly renders: {
    readonly onProgress: (share: number) => void;
    readonly resolve: (audio: Blob) => void;
    readonly reject: (error: Error) => void;
  }[] = [];

  /** Changes the state and tells the listeners. */
  set(change: Partial<StudioState>): void {
    this.state = { ...this.state, ...change };
    this.changed.emit(this.state);
  }

  compose(request: ComposeRequest): void {
    this.calls.push({ method: "compose", args: [request] });
  }

  cancel(): void {
    this.calls.push({ method: "cancel", args: [] });
  }

  clear(): void {
    this.calls.push({ method: "clear", args: [] });
  }

  remove(name: string): void {
    this.calls.push({ method: "remove", args: [name] });
  }

  listen(name: string): void {
    this.calls.push({ method: "listen", args: [name] });
    this.set({ listening: name });
  }

  /** What `listeningStep` answers. */
  step: number | undefined;

  listeningStep(): number | undefined {
    return this.step;
  }

  stopListening(): void {
    this.calls.push({ method: "stopListening", args: [] });
    this.set({ listening: undefined });
  }

  renderAudio(
    name: string,
    format: AudioFormat,
    onProgress: (share: number) => void,
  ): Promise<Blob> {
    this.calls.push({ method: "renderAudio", args: [name, format] });
    return new Promise((resolve, reject) => {
      this.renders.push({ onProgress, resolve, reject });
    });
  }
}

/** MIDI outputs that answer as the test says. */
export class FakeMidiPorts implements MidiPortsLike {
  state: MidiPortsState = { status: "unasked", message: undefined, outputs: [], inputs: [] };
  readonly changed = new Emitter<MidiPortsState>();
  requests = 0;
  /** What asking leads to. */
  answer: Partial<MidiPortsState> = {};

  /** Changes the state and tells the listeners. */
  set(change: Partial<MidiPortsState>): void {
    this.state = { ...this.state, ...change };
    this.changed.emit(this.state);
  }

  async request(): Promise<void> {
    this.requests++;
    this.set(this.answer);
  }
}
