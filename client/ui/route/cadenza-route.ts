/**
 * Where one instrument's notes go, and what becomes of them on the way: its own voice, or a channel of a MIDI port with
 * all that a machine may need. Here, too, MIDI is asked for, and what stands in its way is said.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { remarkOf } from "#base/failure.ts";
import type { Remark } from "#base/remark.ts";
import { isTapped } from "#engine/hardware/calibration.ts";
import { isListening } from "#engine/hardware/listening.ts";
import {
  type Machine,
  type MachineController,
  type MachineName,
  routeFor,
} from "#engine/jam/machine.ts";
import { FARTHEST_LATENCY } from "#engine/jam/port-settings.ts";
import { type MidiRoute, type Route, toPort, withoutKeys } from "#engine/jam/route.ts";
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { choiceSelect } from "../choice-select.ts";
import { closeOutside } from "../close-outside.ts";
import { dialogStyles } from "../dialog-styles.ts";
import { KeptFocus } from "../kept-focus.ts";
import { midiStanding } from "../midi-standing.ts";
import { numberChoice } from "../number-choice.ts";
import type {
  CalibrationLike,
  ClockSourceLike,
  ListeningLike,
  MachinesLike,
  MidiPortsLike,
  PortSettingsLike,
  SessionLike,
} from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { say } from "../wording/say.ts";
import { calibrationRow } from "./calibration-row.ts";
import { driveFields } from "./drive-fields.ts";
import { listeningRow } from "./listening-row.ts";
import { machineFields } from "./machine-fields.ts";
import { roomRow } from "./room-row.ts";
import { TapKeys } from "./tap-keys.ts";
import { tempoSource } from "./tempo-source.ts";

/** The page's own voice in the list of outputs, in which no port has an empty name. */
const VOICE = "";

/**
 * @property session whose strips are set
 * @property midi the outputs, and the way to ask for them
 * @property portSettings what holds for a port whoever plays on it
 * @property machines what routes can be set up for
 * @property clockSource the clock that the music goes by
 * @property calibration finds how late a port sounds, by taps
 * @property listening finds what a machine is like, by a microphone
 * @property panic ends all sound, here and on all ports
 */
@customElement("cadenza-route")
export class CadenzaRoute extends LitElement {
  static override styles = dialogStyles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;
  @property({ attribute: false }) portSettings: PortSettingsLike | undefined;
  @property({ attribute: false }) machines: MachinesLike | undefined;
  @property({ attribute: false }) clockSource: ClockSourceLike | undefined;
  @property({ attribute: false }) calibration: CalibrationLike | undefined;
  @property({ attribute: false }) listening: ListeningLike | undefined;
  @property({ attribute: false }) panic: () => void = () => undefined;
  @state() private instrument: Instrument = 0;
  @state() private machineNames: readonly MachineName[] = [];
  /** Controllers of machines by their names, as far as they were asked for. */
  @state() private controllers: ReadonlyMap<string, readonly MachineController[]> = new Map();
  /** Why no machine is offered, or why one could not be had. */
  @state() private machineFailure: Remark | undefined;
  @query("dialog") private dialog!: HTMLDialogElement;

  constructor() {
    super();
    new KeptFocus(this);
    new Watch(this, () => this.session);
    new Watch(this, () => this.midi);
    new Watch(this, () => this.portSettings);
    new Watch(this, () => this.clockSource);
    new Watch(this, () => this.calibration);
    new Watch(this, () => this.listening);
    new TapKeys(
      this,
      () => this.calibration,
      () => this.listening,
    );
  }

  /** Opens for one instrument; focus goes back to where it was once it closes. */
  async show(instrument: Instrument): Promise<void> {
    this.instrument = instrument;
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    if (this.machineNames.length === 0)
      await this.#tellFailure(async () => {
        this.machineNames = (await this.machines?.names()) ?? [];
      });
    const route = this.session?.state.strips[instrument].route;
    const named = this.machineNames.find(
      ({ name }) => route?.kind === "midi" && name === route.machine,
    );
    if (named !== undefined && !this.controllers.has(named.name))
      await this.#tellFailure(async () => this.#know(await this.machines?.machine(named.id)));
  }

  override render(): TemplateResult {
    const route = this.session?.state.strips[this.instrument].route;
    if (route === undefined) return html``;
    return html`
      <dialog
        aria-labelledby="heading"
        @click=${closeOutside}
        @close=${() => this.#giveUp()}
      >
        <h2 id="heading">${INSTRUMENTS[this.instrument]}: where it plays</h2>
        ${this.#output(route)} ${midiStanding(this.midi, "outputs")}
        ${
          route.kind === "midi"
            ? [
                this.#room(route),
                this.#machine(route),
                ...machineFields(this.instrument, route, (change) =>
                  this.#set({ ...route, ...change }),
                ),
                driveFields(route, this.#controllersOf(route), (change) =>
                  this.#set({ ...route, ...change }),
                ),
                this.#latency(route),
                this.#calibration(route),
                this.#listening(route),
                this.#clock(route),
              ]
            : ""
        }
        ${this.clockSource === undefined ? "" : tempoSource(this.clockSource, this.midi?.state)}
        <div class="ends">
          <button class="quiet" title="End every note on every port (!)" @click=${() => this.panic()}>
            Panic
          </button>
          <button class="primary" @click=${() => this.dialog.close()}>Done</button>
        </div>
      </dialog>
    `;
  }

  #output(route: Route): TemplateResult {
    const names = this.midi?.state.outputs.map(({ name }) => name) ?? [];
    const away = route.kind === "midi" && !names.includes(route.port);
    return choiceSelect<string>({
      label: "Output",
      hint: "the page's own voice, or a MIDI port",
      options: {
        [VOICE]: "the page's own voice",
        ...Object.fromEntries(names.map((name) => [name, name])),
        ...(away ? { [route.port]: `${route.port} (away)` } : {}),
      },
      value: route.kind === "midi" ? route.port : VOICE,
      choose: (port) =>
        this.#set(port === VOICE ? { kind: "voice" } : toPort(this.instrument, route, port)),
    });
  }

  #room({ port }: MidiRoute): TemplateResult {
    return roomRow({
      routes: this.session?.state.strips.map(({ route }) => route) ?? [],
      instrument: this.instrument,
      port,
      change: (other, route) => this.session?.setStrip(other, { route }),
    });
  }

  /** Machines that say on which keys their drums are for the drums, all for the others. */
  #machine(route: MidiRoute): TemplateResult {
    const offered = this.machineNames.filter(({ drums }) => drums || this.instrument !== DRUMS);
    const own = offered.find(({ name }) => name === route.machine)?.id ?? "";
    return html`
      ${choiceSelect<string>({
        label: "Machine",
        hint: "sets range, drum keys and program as its maker's manual says",
        options: {
          "": route.machine ?? "none named",
          ...Object.fromEntries(offered.map(({ id, name }) => [id, name])),
        },
        value: own,
        choose: (id) => this.#setUpFor(id, route),
      })}
      <p class="standing" role="alert" ?hidden=${this.machineFailure === undefined}>
        ${say(this.machineFailure)}
      </p>
    `;
  }

  async #setUpFor(id: string, route: MidiRoute): Promise<void> {
    const { instrument } = this;
    if (id === "") {
      this.#set({ ...route, machine: undefined, drumKeys: undefined });
      return;
    }
    await this.#tellFailure(async () => {
      const machine = await this.machines?.machine(id);
      if (machine === undefined) return;
      this.#know(machine);
      this.session?.setStrip(instrument, { route: routeFor(machine, instrument, route) });
    });
  }

  #know(machine: Machine | undefined): void {
    if (machine !== undefined)
      this.controllers = new Map([...this.controllers, [machine.name, machine.controllers]]);
  }

  #controllersOf({ machine = "" }: MidiRoute): readonly MachineController[] {
    return this.controllers.get(machine) ?? [];
  }

  #calibration({ port }: MidiRoute): TemplateResult | string {
    const { calibration, listening } = this;
    if (calibration === undefined || isListening(listening?.state)) return "";
    return calibrationRow({
      state: calibration.state,
      start: () => calibration.start(this.instrument),
      stop: () => calibration.stop(),
      tap: (time) => calibration.tap(time),
      take: (latency) => this.portSettings?.set(port, { latency }),
    });
  }

  #listening(route: MidiRoute): TemplateResult | string {
    const { listening } = this;
    if (listening === undefined || isTapped(this.calibration?.state)) return "";
    return listeningRow({
      state: listening.state,
      start: () => listening.start(this.instrument),
      stop: () => listening.stop(),
      take: (latency) => this.portSettings?.set(route.port, { latency }),
      leaveOut: (silent) => this.#set(withoutKeys(route, silent)),
    });
  }

  #giveUp(): void {
    this.calibration?.stop();
    this.listening?.stop();
  }

  async #tellFailure(ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
      this.machineFailure = undefined;
    } catch (error) {
      this.machineFailure = remarkOf(error);
    }
  }

  #latency({ port }: MidiRoute): TemplateResult {
    return numberChoice({
      label: "Port sounds late by, ms",
      hint: "milliseconds, for all that plays on this port; below 0 where it sounds too early",
      lowest: -FARTHEST_LATENCY,
      highest: FARTHEST_LATENCY,
      value: this.portSettings?.of(port).latency ?? 0,
      choose: (latency) => this.portSettings?.set(port, { latency }),
    });
  }

  #clock({ port }: MidiRoute): TemplateResult {
    return choiceSelect({
      label: "Port hears the clock",
      hint: "24 ticks a quarter, start, stop and place; it starts at the next bar line",
      options: { no: "no", yes: "yes" },
      value: this.portSettings?.of(port).clockOut ? "yes" : "no",
      choose: (chosen) => this.portSettings?.set(port, { clockOut: chosen === "yes" }),
    });
  }

  #set(route: Route): void {
    this.session?.setStrip(this.instrument, { route });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-route": CadenzaRoute;
  }
}
