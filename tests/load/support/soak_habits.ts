/**
 * What callers of a server do all day.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Caller } from "./caller.ts";
import type { Ledger } from "./ledger.ts";
import { fetchAlone, type LoadServer } from "./load_server.ts";
import { newQuestion, SIDE } from "./work_model.ts";

/** Where they meet. */
export interface Scene {
  readonly server: LoadServer;
  readonly predictions: Ledger;
  readonly comings: Ledger;
  /** Requests besides predictions that were answered as they should be. */
  others: number;
}

/** Somebody with a habit. */
export interface Actor extends Disposable {
  /** Does it once. */
  readonly act: () => Promise<void>;
}

/** Begins to do something over and over. */
export type Habit = (scene: Scene) => Actor;

/** Asks for predictions, quick and slower ones, now and then on a new connection. */
const predict: Habit = ({ server, predictions }) => {
  const caller = new Caller({
    address: server.inference,
    model: "work",
    ledger: predictions,
  });
  return {
    async act() {
      const side = Math.random() < 0.3 ? SIDE.busy : SIDE.quick;
      const question = newQuestion(side);
      const padding = Math.random() < 0.02 ? " ".repeat(300_000) : "";
      await caller.ask({ ...question, body: question.body + padding });
      if (Math.random() < 0.02) caller.hangUp();
    },
    [Symbol.dispose]: () => caller.hangUp(),
  };
};

/** Asks for a prediction and leaves before it can be there. */
const leave: Habit = ({ server, predictions }) => ({
  async act() {
    const { id, body, answers } = newQuestion(SIDE.busy);
    predictions.expect(id, answers.positive);
    predictions.leave(id);
    const signal = AbortSignal.timeout(1 + 5 * Math.random());
    const url = `${server.inference}/predictions/work`;
    await fetchAlone(url, { method: "POST", body, signal }).catch(() => {});
  },
  [Symbol.dispose]() {},
});

/** What is not for a model, and how it is answered. */
const ODDITIES: readonly (readonly [string, RequestInit, number])[] = [
  ["/ping", {}, 200],
  ["/metrics", {}, 200],
  ["/", { method: "OPTIONS" }, 200],
  ["/predictions/nobody", { method: "POST", body: "x" }, 404],
  ["/predictions/work", { method: "POST", body: "{" }, 400],
  ["/nowhere", {}, 404],
];

/** Asks for anything but predictions. */
const wander: Habit = (scene) => ({
  async act() {
    for (const [path, init, status] of ODDITIES) {
      const response = await fetchAlone(
        `${scene.server.inference}${path}`,
        init,
      );
      // Its worker may have been killed.
      if (response.status !== 500) assert.equal(response.status, status, path);
      scene.others++;
    }
  },
  [Symbol.dispose]() {},
});

/** Registers a model, asks it, and unregisters it. */
const comeAndGo: Habit = (scene) => ({
  async act() {
    const { server, comings } = scene;
    const query = "url=work&model_name=guest&initial_workers=1";
    const { status } = await server.manage(`POST /models?${query}`);
    assert.ok([200, 202, 500].includes(status), `registered: ${status}`);
    using caller = new Caller({
      address: server.inference,
      model: "guest",
      ledger: comings,
    });
    for (let i = 0; i < 10; i++) await caller.ask(newQuestion());
    const { json } = await server.manage("DELETE /models/guest");
    assert.ok(json.status ?? json.message);
    scene.others += 2;
    await new Promise((resolve) => setTimeout(resolve, 500));
  },
  [Symbol.dispose]() {},
});

/** Everybody who is there. */
export const HABITS: readonly Habit[] = [
  ...Array<Habit>(6).fill(predict),
  leave,
  wander,
  comeAndGo,
];
