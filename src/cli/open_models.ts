import { DEFAULT_ARCHIVE_LIMITS, ModelStore } from "../archive/mod.ts";
import type { Settings } from "../config/mod.ts";
import { cacheFolder } from "../private_folder.ts";
import type { OpenArchive } from "../workload/mod.ts";

/** Makes the store that the settings describe. */
export function modelStore(settings: Settings): ModelStore {
  return new ModelStore({
    cacheDir: settings.cacheDir ?? cacheFolder(),
    storeFolder: settings.modelStore,
    zooUrl: settings.zooUrl,
    allowedUrls: settings.allowedUrls,
    archiveLimits: {
      ...DEFAULT_ARCHIVE_LIMITS,
      entries: settings.archiveMaxEntries,
      totalBytes: settings.archiveMaxSize,
      entryBytes: settings.archiveMaxSize,
      ratio: settings.archiveMaxRatio,
      metadataBytes: settings.archiveMaxMetadataSize,
      jsonDepth: settings.archiveMaxJsonDepth,
    },
    downloadLimits: { maxBytes: settings.downloadMaxSize },
  });
}

/**
 * Opens the models of a store: those that the settings name wherever they are,
 * others, which requests name, only where these may reach.
 */
export function openModels(
  store: ModelStore,
  { loadModels }: Settings,
): OpenArchive {
  const configured = new Set(
    loadModels === "ALL" ? [] : loadModels.map(({ url }) => url),
  );
  return (url, signal) =>
    store.open(url, {
      signal,
      openedFor: configured.has(url) ? "startup" : "request",
    });
}
