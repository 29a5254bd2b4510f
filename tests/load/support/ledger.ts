/**
 * Accounts of who asked for what and what came back.
 *
 * @module
 */

import assert from "node:assert/strict";

/** What came back for one request. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** What the join of questions and replies gives. */
export interface Balance {
  /** Requests that nothing came back for. */
  readonly missing: readonly string[];
  /** Requests with a success that is not theirs. */
  readonly wrong: readonly string[];
  /** Requests with more than one reply, and replies to what nobody asked. */
  readonly double: readonly string[];
  /** How many requests were answered with each status. */
  readonly statuses: Readonly<Record<number, number>>;
}

interface Entry {
  /** The texts that are right for a success; none yet of a stray reply. */
  readonly answers: readonly string[];
  readonly replies: Reply[];
}

/** One line for each request: its id, the right answer, and what came back. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #left = new Set<string>();

  /** How many requests have been answered. */
  get answered(): number {
    return this.#entries.values().filter(({ replies }) => replies.length > 0)
      .toArray().length;
  }

  /** Notes a request before it is sent, and what a success may say. */
  expect(id: string, ...answers: readonly string[]): void {
    assert.ok(!this.#entries.has(id), `${id} is asked once`);
    this.#entries.set(id, { answers, replies: [] });
  }

  /** Notes what came back. */
  note(id: string, reply: Reply): void {
    const entry = this.#entries.get(id) ?? { answers: [], replies: [] };
    this.#entries.set(id, entry);
    entry.replies.push(reply);
  }

  /** Notes that the caller of a request left before it was answered. */
  leave(id: string): void {
    this.#left.add(id);
  }

  /** Joins questions and replies. */
  balance(): Balance {
    const statuses: Record<number, number> = {};
    const missing: string[] = [];
    const wrong: string[] = [];
    const double: string[] = [];
    for (const [id, { answers, replies }] of this.#entries) {
      if (replies.length === 0 && !this.#left.has(id)) missing.push(id);
      if (replies.length > 1 || answers.length === 0) double.push(id);
      if (replies.some((it) => isWrong(it, answers))) wrong.push(id);
      for (const { status } of replies) {
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }
    return { missing, wrong, double, statuses };
  }

  /**
   * Asserts that nothing is missing, wrong or double, and that no status but
   * 200 came oftener than `excused` says; returns how often each came.
   */
  settle(
    excused: Readonly<Record<number, number>> = {},
  ): Readonly<Record<number, number>> {
    const { statuses, ...faults } = this.balance();
    assert.deepEqual(faults, { missing: [], wrong: [], double: [] });
    for (const [status, count] of Object.entries(statuses)) {
      const most = status === "200" ? Infinity : excused[Number(status)] ?? 0;
      assert.ok(
        count <= most,
        `${count} answers of ${status}, at most ${most}`,
      );
    }
    return statuses;
  }
}

function isWrong({ status, text }: Reply, answers: readonly string[]): boolean {
  return status === 200 && !answers.includes(text);
}
