import { HandClock } from "./midi-stage.ts";
import { playerContract } from "./player-contract.ts";
import { SilentPlayer } from "./silent-player.ts";

playerContract("SilentPlayer", async () => {
  const { now, pass } = new HandClock();
  const player = new SilentPlayer(now);
  return {
    player,
    now,
    pass,
    sounding: () => sounding(player),
    strike: async () => player.dispose(),
  };
});

/** Notes by instrument and pitch, as one string: a pitch struck again is one sound. */
const sounding = (player: SilentPlayer): number =>
  new Set(player.sounding().map(({ instrument, pitch }) => instrument * 128 + pitch)).size;
