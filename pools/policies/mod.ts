/**
 * The registry of policies: a new policy is one file and one line here.
 *
 * @module
 */
export { fiveLevel as "five-level" } from "./five_level.ts";
export { linux as "linux" } from "./linux.ts";
export { linux25 as "linux-2.5" } from "./linux_2_5.ts";
export { reserveFirst as "reserve-first" } from "./reserve_first.ts";
export { backendOnly as "backend-only" } from "./backend_only.ts";
export { allocatorReservation as "allocator-reservation" } from "./allocator_reservation.ts";
export { adaptive as "adaptive" } from "./adaptive.ts";
