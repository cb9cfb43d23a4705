/**
 * Where results last: an embedded SQLite database, one file, with the whole document of each result and what it is
 * looked up by beside it.
 *
 * - **Several writers** may save at once: the journal is a write-ahead log, and who finds the file locked waits up to
 *   {@linkcode BUSY_MS}. Readers never wait.
 * - **A kill at any moment** leaves either the whole result or nothing of it: each change is one transaction.
 * - **A file that is damaged or somebody else's** is refused with a sentence and not written to: it carries an application id.
 * - **An older schema** is brought up to date in one transaction when it is opened; a newer one is refused.
 *
 * @module
 */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { machineOf, scenarioHash } from "./identity.ts";
import type { Result } from "./result.ts";
import { checkResult, ResultError } from "./result_schema.ts";
import { explained, isLocked, StoreError } from "./store_error.ts";

export { StoreError };

/** How long a writer waits for another, milliseconds. */
const BUSY_MS = 10_000;

/** How soon it tries again where SQLite does not wait, milliseconds. */
const AGAIN_MS = 5;

/** "mplb", in the file's header. */
const APPLICATION_ID = 0x6d706c62;

/** From each version of the schema to the next, beginning with an empty file. A step that was ever released stays as it is. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE results (
     id TEXT PRIMARY KEY,
     started_at TEXT NOT NULL,
     scenario TEXT NOT NULL,
     scenario_hash TEXT NOT NULL,
     revision TEXT,
     machine TEXT NOT NULL,
     partial INTEGER NOT NULL,
     document TEXT NOT NULL
   ) STRICT`,
  `CREATE INDEX results_by_scenario ON results (scenario, started_at);
   CREATE INDEX results_by_revision ON results (revision)`,
];

/** A result as a list shows it. */
export interface StoredResult {
  /** Unique in the store. */
  readonly id: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  /** The scenario's name. */
  readonly scenario: string;
  /** See {@linkcode scenarioHash}. */
  readonly scenarioHash: string;
  /** The commit measured, where there is one. */
  readonly revision: string | null;
  /** See {@linkcode machineOf}. */
  readonly machine: string;
  /** Whether it was stopped before its end. */
  readonly partial: boolean;
}

/** Which results to list. */
export interface StoreFilter {
  /** Of the scenario of this name. */
  readonly scenario?: string | undefined;
  /** Of the revision that begins like this. */
  readonly revision?: string | undefined;
  /** The newest so many. */
  readonly limit?: number | undefined;
}

/** How a store is opened. */
export interface StoreOptions {
  /** Whether it may be written to, and is made where there is none. */
  readonly write: boolean;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** Results in one file. Every call may throw a {@linkcode StoreError}. */
export class Store implements Disposable {
  readonly #path: string;
  readonly #database: DatabaseSync;

  private constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
  }

  /**
   * Opens a store; blocks while another brings it up to date.
   *
   * @throws {StoreError} where there is none (unless `write`), it is damaged, newer than this program, or something else.
   */
  static open(path: string, { write }: StoreOptions): Store {
    if (isFolder(path)) throw new StoreError(`${path}: this is a folder: give a file`);
    const database = explained(
      path,
      () => new DatabaseSync(path, { readOnly: !write, timeout: BUSY_MS }),
    );
    const store = new Store(path, database);
    try {
      store.#requireOurs(write);
      if (write) store.#prepare();
      if (store.#version() === MIGRATIONS.length) return store;
    } catch (error) {
      database.close();
      throw error;
    }
    // Of an older schema, and only to be read: it is brought up to date first.
    database.close();
    Store.open(path, { write: true })[Symbol.dispose]();
    return Store.open(path, { write });
  }

  /** Saves a result. @returns false, with nothing changed, where its id is there already. */
  save(result: Result): boolean {
    const { changes } = this.#run(
      `INSERT INTO results (id, started_at, scenario, scenario_hash, revision, machine, partial, document)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      result.id,
      result.startedAt,
      result.scenario.name,
      scenarioHash(result),
      result.environment.revision,
      machineOf(result.environment),
      result.partial ? 1 : 0,
      JSON.stringify(result),
    );
    return changes > 0;
  }

  /** Saves all of them or, where one cannot be saved, none. @returns how many were not there before. */
  saveAll(results: readonly Result[]): number {
    return this.#transaction(() => results.filter((result) => this.save(result)).length);
  }

  /** What is there, oldest first. */
  list({ scenario, revision, limit }: StoreFilter = {}): StoredResult[] {
    const rows = this.#all(
      `SELECT id, started_at, scenario, scenario_hash, revision, machine, partial FROM results
       WHERE (?1 IS NULL OR scenario = ?1) AND (?2 IS NULL OR substr(revision, 1, length(?2)) = ?2)
       ORDER BY started_at DESC, id DESC LIMIT ?3`,
      scenario ?? null,
      revision ?? null,
      limit ?? -1,
    );
    return rows.toReversed().map((row) => ({
      id: String(row["id"]),
      startedAt: String(row["started_at"]),
      scenario: String(row["scenario"]),
      scenarioHash: String(row["scenario_hash"]),
      revision: row["revision"] === null ? null : String(row["revision"]),
      machine: String(row["machine"]),
      partial: row["partial"] === 1,
    }));
  }

  /**
   * A result by its id or the beginning of it; null where there is none.
   *
   * @throws {StoreError} where several ids begin like that.
   */
  get(id: string): Result | null {
    const rows = this.#all(
      `SELECT id, document FROM results WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 3`,
      id,
    );
    const exact = rows.find((row) => row["id"] === id);
    const [first, second] = rows;
    if (first === undefined || id === "") return null;
    if (exact === undefined && second !== undefined) {
      throw new StoreError(
        `${this.#path}: "${id}" begins several ids, such as ${first["id"]} and ${
          second["id"]
        }: give more of one`,
      );
    }
    return this.#parsed(exact ?? first);
  }

  /** All results, oldest first, one at a time. */
  *all(filter: StoreFilter = {}): Generator<Result> {
    for (const { id } of this.list(filter)) {
      const result = this.get(id);
      if (result !== null) yield result;
    }
  }

  /** Removes a result by its whole id. @returns whether it was there. */
  remove(id: string): boolean {
    return this.#run("DELETE FROM results WHERE id = ?", id).changes > 0;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#database.close();
  }

  #parsed(row: Record<string, unknown>): Result {
    try {
      return checkResult(JSON.parse(String(row["document"])));
    } catch (error) {
      if (!(error instanceof ResultError || error instanceof SyntaxError)) throw error;
      throw new StoreError(`${this.#path}: result ${row["id"]} is damaged: ${error.message}`);
    }
  }

  #version(): number {
    return Number(this.#all("PRAGMA user_version")[0]!["user_version"]);
  }

  /** Refuses what is no store, before anything is written. */
  #requireOurs(write: boolean): void {
    // One statement sees one state: another may be making the store meanwhile.
    const { id, tables, version } = this.#all(
      `SELECT application_id AS id, user_version AS version,
         (SELECT count(*) FROM sqlite_schema) AS tables
       FROM pragma_application_id, pragma_user_version`,
    )[0]! as Record<"id" | "tables" | "version", number>;
    if (id !== APPLICATION_ID && (id !== 0 || tables > 0)) {
      throw new StoreError(
        `${this.#path}: this is a database of something else: give another file`,
      );
    }
    if (version > MIGRATIONS.length) {
      throw new StoreError(
        `${this.#path}: a newer version made it (schema ${version}, not ${MIGRATIONS.length}): ` +
          "use that version",
      );
    }
    if (version === 0 && !write) {
      throw new StoreError(`${this.#path}: there is nothing in it yet: save a result first`);
    }
  }

  #prepare(): void {
    this.#writeAhead();
    if (this.#version() === MIGRATIONS.length) return;
    this.#transaction(() => {
      // Once more, now that nobody else can.
      for (const step of MIGRATIONS.slice(this.#version())) this.#execute(step);
      this.#execute(`PRAGMA application_id = ${APPLICATION_ID}`);
      this.#execute(`PRAGMA user_version = ${MIGRATIONS.length}`);
    });
  }

  /** Has changes written to a log first. Where two begin with that at once SQLite does not wait, but refuses one of them: it tries again. */
  #writeAhead(): void {
    for (const giveUpMs = performance.now() + BUSY_MS;;) {
      try {
        return this.#execute("PRAGMA journal_mode = WAL");
      } catch (error) {
        if (!isLocked(error) || performance.now() > giveUpMs) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
      }
    }
  }

  #transaction<T>(act: () => T): T {
    this.#execute("BEGIN IMMEDIATE");
    try {
      const result = act();
      this.#execute("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #execute(sql: string): void {
    explained(this.#path, () => this.#database.exec(sql));
  }

  #run(sql: string, ...values: SQLInputValue[]) {
    return explained(this.#path, () => this.#database.prepare(sql).run(...values));
  }

  #all(sql: string, ...values: SQLInputValue[]) {
    return explained(this.#path, () => this.#database.prepare(sql).all(...values));
  }
}
