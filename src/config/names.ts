/** Returns `max_request_size` for `maxRequestSize`, as files write it. */
export function fileKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Returns `--max-request-size` for `maxRequestSize`. */
export function flagName(key: string): string {
  return `--${fileKey(key).replaceAll("_", "-")}`;
}

/** Returns `MMS_MAX_REQUEST_SIZE` for `maxRequestSize`. */
export function variableName(key: string): string {
  return `MMS_${fileKey(key).toUpperCase()}`;
}
