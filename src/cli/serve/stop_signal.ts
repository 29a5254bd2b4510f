/** How somebody tells a server to stop. */
export interface StopSignal extends Disposable {
  /** Resolves when the server is to stop. */
  readonly asked: Promise<void>;
}

/** Listens for SIGTERM, and for the user who interrupts. */
export function stopSignal(interrupted: AbortSignal): StopSignal {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  // The nearest that Windows has, sent when the console is closed.
  const name = Deno.build.os === "windows" ? "SIGBREAK" : "SIGTERM";
  Deno.addSignalListener(name, stop);
  interrupted.addEventListener("abort", stop);
  if (interrupted.aborted) stop();
  return {
    asked: promise,
    [Symbol.dispose]() {
      Deno.removeSignalListener(name, stop);
      interrupted.removeEventListener("abort", stop);
    },
  };
}

/** Has something done at each SIGHUP, once at a time; Windows has none. */
export function onHangup(act: () => Promise<void>): Disposable {
  if (Deno.build.os === "windows") return { [Symbol.dispose]() {} };
  let last = Promise.resolve();
  const listener = () => void (last = last.then(act));
  Deno.addSignalListener("SIGHUP", listener);
  return {
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGHUP", listener),
  };
}
