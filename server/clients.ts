/** Who asks: the address of the network that a request comes from, as quotas count it. */
import { normalizeIP } from "@fastify/rate-limit";
import type { FastifyRequest } from "fastify";

/** Bits of an IPv6 address that one household has in common. */
const HOUSEHOLD = 64;

/** The client of a request: its IPv4 address, or the network of its IPv6 address. */
export const clientOf = (request: FastifyRequest): string => normalizeIP(request.ip, HOUSEHOLD);
