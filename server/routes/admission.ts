/**
 * Who may have something done. Asked before the body is read: how often a client asked lately
 * (@fastify/rate-limit), then whether the queue has a place for it. The place is let go when the
 * answer is out, whatever became of the request.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from "fastify";
import { assert } from "#base/assert.ts";
import { clientOf } from "../clients.ts";
import { Refusal } from "../errors.ts";
import { type JobQueue, type Place, Refused } from "../jobs/job-queue.ts";

/** Seconds after which a request refused for want of a place may be worth another try. */
const RETRY_AFTER = 15;

const places = new WeakMap<FastifyRequest, Place>();

/** Counts the jobs that each client asks for. @param perMinute of one client */
export async function addAdmission(app: FastifyInstance, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: clientOf,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.ceil(ttl / 1000);
      return new Refusal(
        429,
        `You asked for ${perMinute} jobs within a minute, as many as one may; try again in ${seconds} seconds.`,
        { "retry-after": String(seconds) },
      );
    },
  });
}

/** Options of a route that takes jobs in; in its handler `placeOf` gives the place. */
export const admitted = (queue: JobQueue): RouteShorthandOptions => ({
  config: { rateLimit: { groupId: "jobs" } },
  onRequest: async (request, reply) => {
    let place: Place;
    try {
      place = await queue.reserve(clientOf(request));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Refusal(429, `${error.message}; try again in ${RETRY_AFTER} seconds.`, {
        "retry-after": String(RETRY_AFTER),
      });
    }
    places.set(request, place);
    reply.raw.once("close", () => place.release());
    if (reply.raw.closed) place.release();
  },
});

/** The place that a request holds. */
export function placeOf(request: FastifyRequest): Place {
  const place = places.get(request);
  assert(place !== undefined, "the route is admitted");
  return place;
}
