/** Keys of the original that have nothing to act on here, and why. */
export const MEANINGLESS_KEYS: ReadonlyMap<string, string> = new Map([
  ["vmargs", "there is no Java virtual machine"],
  ["plugins_path", "there are no Java plugins"],
  ["model_server_home", "there is no Python package to find"],
  ["number_of_netty_threads", "there is no Netty"],
  ["netty_client_threads", "there is no Netty"],
  ["prefer_direct_buffer", "there is no Netty"],
  ["io_ratio", "there is no Netty"],
  ["use_native_io", "there is no Netty"],
  ["async_logging", "logging never holds up a prediction"],
  ["preload_model", "workers do not share memory by forking"],
  ["number_of_gpu", "models run on the CPU"],
  ["debug", "workers are always started by the server"],
  ["NUM_WORKERS", "default_workers_per_model says the same"],
]);
