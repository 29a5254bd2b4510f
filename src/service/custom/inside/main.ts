/**
 * The entry of the sandbox: takes from its world all that a service must not
 * have, loads the service and does what the worker asks.
 *
 * @module
 */

import type { LoadMessage, ToSandbox } from "../messages.ts";
import { API } from "./api.ts";
import { Calls, describe } from "./calls.ts";
import { confine } from "./confine.ts";
import { Context } from "./context.ts";
import { findEntryPoint } from "./entry_point.ts";
import { Host } from "./host.ts";

/** The global object of a worker thread. */
interface Scope {
  readonly postMessage: (message: unknown, transfer: ArrayBuffer[]) => void;
  readonly addEventListener: <T extends keyof Events>(
    type: T,
    listener: (event: Events[T]) => void,
  ) => void;
}

interface Events {
  readonly message: { readonly data: ToSandbox };
  readonly error: Cancelable & { readonly error: unknown };
  readonly unhandledrejection: Cancelable & { readonly reason: unknown };
}

interface Cancelable {
  readonly preventDefault: () => void;
}

listen(globalThis as unknown as Scope); // It is the entry of a worker thread.

function listen(scope: Scope): void {
  const host = new Host(scope.postMessage.bind(scope));
  let calls: Calls | undefined;
  let isLoading = false;
  const complain = (event: Cancelable, error: unknown) => {
    event.preventDefault();
    host.tell({ type: "stray", error: describe(error) });
  };
  scope.addEventListener("error", (event) => complain(event, event.error));
  scope.addEventListener(
    "unhandledrejection",
    (event) => complain(event, event.reason),
  );
  scope.addEventListener("message", ({ data }) => {
    switch (data.type) {
      case "load":
        // Once: a service can say the same, and must not be heard.
        if (isLoading) return;
        isLoading = true;
        load(host, data).then((loaded) => calls = loaded);
        break;
      case "calls":
        calls?.take(data.calls, data.packed);
        break;
      default:
        host.answered(data);
    }
  });
}

async function load(
  host: Host,
  { entry, own, callee, granted, about }: LoadMessage,
): Promise<Calls | undefined> {
  try {
    confine(granted);
    const globals = globalThis as { mms?: typeof API };
    globals.mms = API;
    await import(own);
    delete globals.mms;
    const module = await import(entry);
    const context = new Context(host, about);
    const point = await findEntryPoint(module, callee, context);
    const { form, base, own: steps } = point;
    const calls = new Calls(host, about, point);
    host.tell({ type: "loaded", form, base, own: steps });
    return calls;
  } catch (error) {
    host.tell({ type: "refused", error: describe(error) });
  }
}
