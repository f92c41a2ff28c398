/** The composing worker as it is, in a realm where every model's manifest names Allegro's tokenization. */
import "../decoder-worker.ts";

const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!new URL(response.url).pathname.endsWith("/manifest.json")) return response;
  return Response.json({ ...(await response.json()), tokenization: "allegro-ms" });
};
