/**
 * What ships in presets/: models, sound kits and scenes, found by listing folders. A name from a
 * request is compared with the names found, never joined to a path unseen, so no request can leave
 * these folders.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "#base/failure.ts";
import type { Manifest } from "#model/weights/manifest.ts";
import { loadManifest } from "#model/weights/model-loader.ts";
import { type Kit, parseKit } from "#sound/kit.ts";
import { folderSource } from "./folder-source.ts";

/** The model that plays where none is named, if it is there. */
const PREFERRED_MODEL = "cadenza-band";

/** A preset that lies in a folder or file of its own. */
export interface Found<T> {
  readonly id: string;
  /** Absolute path of its folder (models, kits) or file (scenes). */
  readonly path: string;
  readonly content: T;
}

/** A scene as its file says it: JSON that the session understands. */
export type Scene = Readonly<Record<string, unknown>>;

/** A machine in the index that tools/machines writes. */
export interface MachineName {
  readonly id: string;
  readonly name: string;
  readonly drums: boolean;
}

/** Reads presets/ anew at every question: a model that training exports is there without a restart. */
export class Presets {
  readonly #root: string;

  /** @param root absolute path of the folder that holds models/, kits/, scenes/ and machines/ */
  constructor(root: string) {
    this.#root = root;
  }

  /** Every usable model, by id; folders whose manifest is missing or broken are left out. */
  async models(): Promise<Found<Manifest>[]> {
    return await this.#readable("models", (path) => loadManifest(folderSource(path)));
  }

  /** Every usable kit, by id. */
  async kits(): Promise<Found<Kit>[]> {
    return await this.#readable("kits", async (path) =>
      parseKit(await readFile(join(path, "kit.json"), "utf8")),
    );
  }

  /** Every scene, by id, the name of its file. */
  async scenes(): Promise<Found<Scene>[]> {
    const found = await this.#readable("scenes", async (path) => {
      if (!path.endsWith(".json")) throw new Failure("unreadable", `${path} is no scene.`);
      return JSON.parse(await readFile(path, "utf8")) as Scene;
    });
    return found.map((scene) => ({ ...scene, id: scene.id.replace(/\.json$/, "") }));
  }

  /** What a machine is called that routes can be set up for, and whether it has drum keys. */
  async machines(): Promise<readonly MachineName[]> {
    const index = join(this.#root, "machines", "index.json");
    try {
      return JSON.parse(await readFile(index, "utf8")) as MachineName[];
    } catch (error) {
      if (isFileError(error)) return [];
      throw error;
    }
  }

  /** Absolute path of a machine's file, of its id in the index. */
  machinePath(id: string): string {
    return join(this.#root, "machines", `${id}.json`);
  }

  /**
   * A model by id; where none is named the starter, or the first there is.
   * @throws Failure "not-found" with the ids there are.
   */
  async model(id?: string): Promise<Found<Manifest>> {
    const models = await this.models();
    const wanted = id ?? (models.find((model) => model.id === PREFERRED_MODEL) ?? models[0])?.id;
    const found = models.find((model) => model.id === wanted);
    if (found === undefined) throw missing("model", id, models, join(this.#root, "models"));
    return found;
  }

  /** A kit by id; the first there is where none is named. @throws Failure "usage", "not-found" */
  async kit(id?: string): Promise<Found<Kit>> {
    const kits = await this.kits();
    const found = id === undefined ? kits[0] : kits.find((kit) => kit.id === id);
    if (found === undefined) throw missing("kit", id, kits, join(this.#root, "kits"));
    return found;
  }

  /** What `read` makes of each entry of a folder; entries it refuses are left out. */
  async #readable<T>(kind: string, read: (path: string) => Promise<T>): Promise<Found<T>[]> {
    const folder = join(this.#root, kind);
    const found: Found<T>[] = [];
    for (const id of (await entriesOf(folder)).sort()) {
      const path = join(folder, id);
      try {
        found.push({ id, path, content: await read(path) });
      } catch (error) {
        if (!(error instanceof Failure || error instanceof SyntaxError || isFileError(error))) {
          throw error;
        }
      }
    }
    return found;
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[\w][\w.-]*$/.test(name));
  } catch (error) {
    if (isFileError(error)) return [];
    throw error;
  }
}

const isFileError = (error: unknown): boolean =>
  typeof (error as NodeJS.ErrnoException).code === "string" &&
  (error as NodeJS.ErrnoException).syscall !== undefined;

function missing(
  kind: string,
  id: string | undefined,
  all: readonly Found<unknown>[],
  folder: string,
): Failure {
  if (id === undefined) {
    return new Failure("not-found", `There is no ${kind} in ${folder}; put one there.`);
  }
  const ids = all.map((one) => one.id).join(", ");
  return new Failure("usage", `There is no ${kind} "${id}"; choose one of ${ids || "none yet"}.`);
}
