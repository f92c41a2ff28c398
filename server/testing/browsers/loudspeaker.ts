/**
 * A sound card that nobody hears, PulseAudio with a null sink: Firefox starts no audio context on a machine without any.
 * It belongs to the test alone, under a socket of its own.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { ended } from "./ended.ts";

const PROGRAM = "/usr/bin/pulseaudio";
/** Tells programs which server to play to. */
const VARIABLE = "PULSE_SERVER";

/** A sound card, and what a program's environment must say to use it. */
export interface Loudspeaker {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts it. @throws with the remedy where the program is missing */
export async function startLoudspeaker(): Promise<Loudspeaker> {
  if (!existsSync(PROGRAM))
    throw new Error("No sound card to play to: apt-get install pulseaudio.");
  const home = await mkdtemp(join(tmpdir(), "cadenza-pulse-"));
  const socket = join(home, "socket");
  const modules = [
    "module-null-sink",
    `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
  ];
  const program = spawn(
    PROGRAM,
    [
      ...["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"],
      ...modules.map((module) => `--load=${module}`),
    ],
    { env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home }, stdio: "ignore" },
  );
  const stop = async () => {
    await ended(program);
    await rm(home, { recursive: true, force: true });
  };
  await eventually(() => {
    if (!existsSync(socket)) throw new Error("PulseAudio does not start");
  });
  return { env: { [VARIABLE]: `unix:${socket}` }, stop };
}
