/**
 * The registry of allocator kinds: a new allocator is one file and one line here.
 *
 * @module
 */
export { page as "page" } from "./page.ts";
export { heap as "heap" } from "./heap.ts";
export { nothing as "null" } from "./null.ts";
