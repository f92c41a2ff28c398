/** The scenes that the server has: their names at once, each one's file when it is chosen. */
import { Failure } from "#base/failure.ts";
import { performanceOf } from "#engine/jam/scene.ts";
import type { ServerApi } from "./api/server-api.ts";
import type { ScenesLike } from "./ui/surface-model.ts";

/** Asks for the list. Rejects with a `Failure` where the server does not answer. */
export async function openScenes(api: ServerApi): Promise<ScenesLike> {
  const { scenes } = JSON.parse(await api.text("/api/presets")) as {
    scenes: readonly { readonly id: string; readonly name: string; readonly url: string }[];
  };
  return {
    names: scenes.map(({ id, name }) => ({ id, name })),
    performance: async (id, now) => {
      const scene = scenes.find((candidate) => candidate.id === id);
      if (scene === undefined)
        throw new Failure("not-found", "There is no such scene; choose another.");
      return performanceOf(JSON.parse(await api.text(scene.url)), now);
    },
  };
}
